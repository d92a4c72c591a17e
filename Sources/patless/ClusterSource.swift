import Cluster
import JSON
import Manifests
import Sockets

/// Where a command finds the cluster.
enum ClusterSource {
    /// The API server that a command speaks to.
    ///
    /// That of the `kubeconfig` that is named; or else, of the pod that we run in; or else, of the files of KUBECONFIG, or of
    /// ~/.kube/config. `context` names one of the kubeconfig's contexts.
    static func server(
        kubeconfig: String?,
        context: String?,
        patience: Int = APIServer.longPatience
    ) throws -> APIServer {
        let userAgent = "patless/\(Version.number)"
        if kubeconfig == nil, context == nil, InCluster.isThere {
            return try InCluster.server(userAgent: userAgent, patience: patience)
        }
        let paths = try paths(kubeconfig)
        var files: [Kubeconfig.File] = []
        for path in paths {
            let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
            for document in try YAMLDocument.parse(try File.read(path)) {
                files.append(Kubeconfig.File(try JSONDocument(document.root.json()).root, folder: folder))
            }
        }
        return try Kubeconfig(files).server(context: context, userAgent: userAgent, patience: patience)
    }

    /// The files of a kubeconfig; of those that KUBECONFIG lists, the ones that are there (as kubectl).
    private static func paths(_ kubeconfig: String?) throws -> [String] {
        if let kubeconfig { return [kubeconfig] }
        let home = EnvironmentVariable.value("HOME") ?? ""
        let listed = (EnvironmentVariable.value("KUBECONFIG") ?? "").split(separator: ":").map(String.init)
        let paths = (listed.isEmpty ? ["\(home)/.kube/config"] : listed).filter(File.exists)
        guard !paths.isEmpty else {
            throw Failure(
                description: "there is no kubeconfig: name one with --kubeconfig, or set KUBECONFIG"
            )
        }
        return paths
    }
}
