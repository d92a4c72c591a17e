import Cluster
import Glibc
import JSON
import Kubernetes
import Manifests
import Policy
import Scan
import Sockets

@testable import Audit

/// Policy files: a policy, or problems that are in the file.
enum PolicyTarget {
    static func feed(_ bytes: [UInt8]) {
        do throws(PolicyFileError) {
            _ = Evaluator(try PolicyFile.parse(bytes, name: "policy.yaml"))
        } catch {
            let lines = bytes.count { $0 == 0x0A || $0 == 0x0D } + 1
            precondition(
                !error.problems.isEmpty && error.problems.allSatisfy { (1...lines).contains($0.line) }
            )
        }
    }
}

/// Kubeconfigs: a server, or a reason.
enum KubeconfigTarget {
    static func feed(_ bytes: [UInt8]) {
        // A file that it names would be read.
        guard !bytes.contains(UInt8(ascii: "/")), let documents = try? YAMLDocument.parse(bytes) else {
            return
        }
        let files = documents.compactMap { document -> Kubeconfig.File? in
            guard let text = try? document.root.json(), let root = try? JSONDocument(text).root else {
                return nil
            }
            return Kubeconfig.File(root, folder: "/nowhere")
        }
        _ = try? Kubeconfig(files).server(context: nil, userAgent: "fuzz")
    }
}

/// Manifests: judged and mended or told of; what was mended stays.
enum ManifestsTarget {
    private static let evaluator = Evaluator(Sample.policy)

    static func feed(_ bytes: [UInt8]) {
        let file = ManifestFile(path: "kustomization.yaml", bytes: bytes)
        var kustomizations = Kustomizations()
        kustomizations.note(file)
        var scanner = Scanner(evaluator, kustomizations, at: 0)
        scanner.scan(file)
        let report = scanner.report()
        let setting = ReportFormat.Setting(version: "0", scope: "fuzz", day: "2027-01-01")
        _ = ReportFormat.table.text(of: report, setting)
        guard (try? JSONDocument(Array(ReportFormat.sarif.text(of: report, setting).utf8))) != nil else {
            preconditionFailure("the SARIF is no JSON")
        }
        let mender = Mender(evaluator, kustomizations, at: 0)
        let result = mender.mend(file)
        precondition(result.mended.isEmpty == (result.file.bytes == bytes), "mended, and the same")
        precondition(mender.mend(result.file).mended.isEmpty, "mended twice")
        _ = UnifiedDiff.text(from: file, to: result.file)
    }
}

/// URLs: what is shown of one has no user-info, and the https form of one is such a form itself.
enum URLTarget {
    static func feed(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let url = RepositoryURL(text)
        precondition(
            !url.redacted.contains("@") && !url.redacted.contains("?"),
            "the redacted URL has user-info"
        )
        _ = url.queryItems
        _ = url.origin
        for form in [url.azureDevOpsHTTPS, RepositoryURL.withoutUserInfo(text)].compactMap(\.self) {
            let clean = RepositoryURL(form)
            precondition(
                clean.userName.isEmpty && clean.password.isEmpty && clean.scheme == .https,
                "not keyless"
            )
        }
        if let form = url.azureDevOpsHTTPS {
            precondition(
                RepositoryURL(form).azureDevOpsHTTPS == form,
                "the https form has another https form"
            )
        }
    }
}

/// Files of a trail: verified, or the first fault is named; a line that another one follows cannot be changed unseen.
enum TrailTarget {
    private static let path = "/dev/shm/patless-fuzz-\(getpid())"

    static func feed(_ bytes: [UInt8]) {
        guard let (fault, chains) = verify(bytes) else { return }
        precondition(fault?.isEmpty != true, "a fault without a word")
        guard fault == nil, let changed = change(bytes, chains), let again = verify(changed) else { return }
        precondition(again.fault != nil, "a line was changed unseen")
    }

    private static func verify(_ bytes: [UInt8]) -> (fault: String?, chains: [TrailVerification.Summary])? {
        guard (try? File.replace(path, with: bytes)) != nil else { return nil }
        var verification = TrailVerification()
        guard (try? verification.read(path)) != nil else { return nil }
        let chains = verification.finish()
        return (verification.fault, chains)
    }

    /// The same with another last digit of the hash in one of the lines that others follow in their chains; nil when
    /// there is no such line.
    private static func change(_ bytes: [UInt8], _ chains: [TrailVerification.Summary]) -> [UInt8]? {
        let mark = Array(#""previous":""#.utf8)
        let ends = bytes.split(separator: UInt8(ascii: "\n")).compactMap { line -> Int? in
            guard let head = TrailLineHead(Array(line)),
                chains.contains(where: { $0.chain == head.chain && head.sequence < $0.last }),
                let start = line.indices.first(where: { line[$0...].starts(with: mark) })
            else { return nil }
            let digits = line[start...].dropFirst(mark.count).prefix(64)
            return digits.count == 64 && digits.allSatisfy(isDigit) ? digits.endIndex - 1 : nil
        }
        guard !ends.isEmpty else { return nil }
        var changed = bytes
        changed[ends[bytes.count % ends.count]] ^= 1
        return changed
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte
    }
}
