import TestSupport

/// PyPI's `jsonpatch`: somebody else's reading of RFC 6902.
enum PatchOracle {
    private static let program = """
        import json, sys
        try:
            import jsonpatch
        except ImportError:
            sys.exit("the tests need PyPI's jsonpatch: pip install jsonpatch (PATLESS_TEST_PYTHON names another python)")
        text = json.load(sys.stdin)
        print(json.dumps(jsonpatch.apply_patch(text["object"], text["patch"])))
        """

    /// `object` with `patch` applied; both are JSON text.
    static func apply(_ patch: String, to object: String) throws -> String {
        let outcome = try Program.run(
            [Python.command, "-c", program],
            input: #"{"object":\#(object),"patch":\#(patch)}"#
        )
        guard outcome.status == 0 else { throw Trouble(outcome.errors) }
        return outcome.output
    }
}
