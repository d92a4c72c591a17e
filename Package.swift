// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// For every module that has no business with a pointer.
let safe = strict + [.strictMemorySafety()]

let package = Package(
    name: "patless",
    products: [
        .executable(name: "patless", targets: ["patless"])
    ],
    dependencies: [
        // Subcommands, --help, and completions for three shells.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        // The logging vocabulary of Swift servers; our handler writes JSON or text.
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    ],
    targets: [
        // Carry: descriptors, TLS and HTTP. Knows no Kubernetes.
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev"])]),
        .target(name: "Sockets", dependencies: ["CLinux"], swiftSettings: strict),
        .target(name: "TLS", dependencies: ["COpenSSL", "Sockets"], swiftSettings: strict),
        .target(name: "HTTP", dependencies: ["Sockets", "TLS"], swiftSettings: safe),

        // Decide: pure functions. No I/O, no clock, no pointer.
        .target(name: "JSON", swiftSettings: safe),
        .target(name: "Kubernetes", dependencies: ["JSON"], swiftSettings: safe),
        .target(name: "Policy", dependencies: ["JSON", "Kubernetes"], swiftSettings: safe),

        // YAML in, policy out. libyaml rather than Yams: Yams needs all of Foundation, which makes a static
        // executable 45 MB larger (ICU's data) than the parser that it wraps.
        .systemLibrary(name: "CYAML", providers: [.apt(["libyaml-dev"])]),
        .target(
            name: "Manifests",
            dependencies: ["CYAML", "JSON", "Kubernetes", "Policy"],
            swiftSettings: safe
        ),

        // What is wrong with manifests, where, and how it is told and mended: text in, text out.
        .target(
            name: "Scan",
            dependencies: ["JSON", "Kubernetes", "Manifests", "Markup", "Policy"],
            swiftSettings: safe
        ),

        // The Kubernetes API as a client sees it: requests, watches, a lease.
        .target(name: "Cluster", dependencies: ["HTTP", "JSON", "Sockets", "TLS"], swiftSettings: safe),

        // The trail of what was refused, and what is in the cluster already.
        .target(
            name: "Audit",
            dependencies: [
                "Cluster", "HTTP", "JSON", "Kubernetes", "Policy", "Sockets", "TLS",
                .product(name: "Logging", package: "swift-log"),
            ],
            resources: [.embedInCode("audit-v1.schema.json")],
            swiftSettings: safe
        ),

        // HTML in which whatever comes from elsewhere is escaped.
        .target(name: "Markup", swiftSettings: safe),

        // What a person sees of a replica in a browser: a page, as a pure function of what the replica knows.
        .target(
            name: "StatusPage",
            dependencies: ["Audit", "JSON", "Markup", "Policy", "Sockets", "TLS"],
            swiftSettings: safe
        ),

        // The whole chain in a running cluster, link by link: what is wrong, and what mends it.
        .target(
            name: "Doctor",
            dependencies: [
                "Cluster", "HTTP", "JSON", "Kubernetes", "Manifests", "Policy", "Sockets", "TLS",
            ],
            swiftSettings: safe
        ),

        // The policy as the API server can decide it itself, in CEL; its expressions are the chart's file.
        .target(
            name: "Export",
            dependencies: ["Kubernetes", "Manifests", "Policy"],
            resources: [.embedInCode("admission-policies.yaml")],
            swiftSettings: safe
        ),

        // Where the halves meet.
        .target(
            name: "Webhook",
            dependencies: [
                "Audit", "Cluster", "HTTP", "JSON", "Kubernetes", "Policy", "Sockets", "StatusPage", "TLS",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: safe
        ),
        .executableTarget(
            name: "patless",
            dependencies: [
                "Audit", "Cluster", "Doctor", "Export", "HTTP", "JSON", "Kubernetes", "Manifests", "Policy",
                "Scan",
                "Sockets", "TLS", "Webhook",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            exclude: ["static.ld"],
            resources: [.embedInCode("azure-template.json")],
            swiftSettings: safe
        ),

        .testTarget(name: "JSONTests", dependencies: ["JSON", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "KubernetesTests",
            dependencies: ["JSON", "Kubernetes", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "PolicyTests",
            dependencies: ["JSON", "Kubernetes", "Policy", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ManifestsTests",
            dependencies: ["JSON", "Manifests", "Policy", "TestSupport"],
            swiftSettings: strict
        ),
        // What tests share: a client, certificates, programs to run, and programs by others to compare with.
        .target(
            name: "TestSupport",
            dependencies: ["CLinux", "COpenSSL", "Sockets"],
            path: "Tests/TestSupport",
            exclude: ["url-parts.go", "url-parts.py"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "TLSTests",
            dependencies: ["Sockets", "TLS", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "HTTPTests",
            dependencies: ["HTTP", "Sockets", "TLS", "TestSupport"],
            exclude: ["h11-verdicts.py"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "AuditTests",
            dependencies: [
                "Audit", "Cluster", "HTTP", "JSON", "Kubernetes", "Policy", "Sockets", "TLS", "TestSupport",
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "DoctorTests", dependencies: ["Doctor"], swiftSettings: strict),
        .testTarget(name: "MarkupTests", dependencies: ["Markup"], swiftSettings: strict),
        .testTarget(
            name: "ScanTests",
            dependencies: ["JSON", "Kubernetes", "Manifests", "Policy", "Scan", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "StatusPageTests",
            dependencies: ["Audit", "JSON", "Markup", "Policy", "Sockets", "StatusPage", "TLS"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "WebhookTests",
            dependencies: [
                "Audit", "Cluster", "HTTP", "JSON", "Kubernetes", "Policy", "Sockets", "StatusPage", "TLS",
                "TestSupport",
                "Webhook",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "CommandLineTests",
            dependencies: ["patless", "Policy", "Sockets", "TestSupport"],
            swiftSettings: strict
        ),
    ],
    swiftLanguageModes: [.v6]
)

// What libFuzzer feeds; it brings a main of its own, so nothing else may be built with it: see Tests/Fuzz/run.
if Context.environment["PATLESS_FUZZ"] != nil {
    package.products.append(.library(name: "fuzz", type: .static, targets: ["fuzz"]))
    package.targets.append(
        .target(
            name: "fuzz",
            dependencies: [
                "Audit", "Cluster", "HTTP", "JSON", "Kubernetes", "Manifests", "Policy", "Scan", "Sockets",
                "TLS",
            ],
            path: "Tests/Fuzz",
            exclude: ["corpus", "run"],
            swiftSettings: strict
        )
    )
}
