import JSON

extension APIServer {
    /// The kind of object that the cluster calls `plural`, in the version of `group` that is given or that it prefers; nil
    /// when it has none.
    package func resource(
        _ plural: String,
        in group: String,
        version: String? = nil
    ) throws(ClusterError) -> Resource? {
        var version = version
        if version == nil { version = try preferredVersion(of: group) }
        guard let version, let list = try find(.discovery("/apis/\(group)/\(version)"))
        else { return nil }
        let entry = list["resources"]?.elements.first { $0["name"]?.equals(plural) == true }
        guard let kind = entry?["kind"]?.string else { return nil }
        return Resource(group, version, plural, kind: kind)
    }

    private func preferredVersion(of group: String) throws(ClusterError) -> String? {
        try find(.discovery("/apis/\(group)"))?["preferredVersion"]?["version"]?.string
    }
}
