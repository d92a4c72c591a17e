import Foundation

/// PyPI's `jsonpatch`: somebody else's reading of RFC 6902.
enum PatchOracle {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private static let program = """
        import json, sys
        try:
            import jsonpatch
        except ImportError:
            sys.exit("the tests need PyPI's jsonpatch: apt-get install python3-jsonpatch, or pip install jsonpatch")
        text = json.load(sys.stdin)
        print(json.dumps(jsonpatch.apply_patch(text["object"], text["patch"])))
        """

    /// `object` with `patch` applied; both are JSON text.
    static func apply(_ patch: String, to object: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", program]
        let (input, output, errors) = (Pipe(), Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        input.fileHandleForWriting.write(Data("{\"object\":\(object),\"patch\":\(patch)}".utf8))
        try input.fileHandleForWriting.close()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let complaint = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: String(decoding: complaint, as: UTF8.self))
        }
        return String(decoding: text, as: UTF8.self)
    }
}
