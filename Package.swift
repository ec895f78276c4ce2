// swift-tools-version: 6.2
import PackageDescription

let collections: Target.Dependency = .product(name: "Collections", package: "swift-collections")

let package = Package(
    name: "timenode",
    products: [
        .executable(name: "timenode", targets: ["timenode"]),
        .library(name: "TimenodeKernel", targets: ["Kernel", "Profile", "Wire"]),
        .library(
            name: "TimenodeModules", targets: ["Links", "Discovery", "Liveness", "Consensus", "Application", "Store"]),
        .library(name: "Timenode", targets: ["TimenodeCommands"]),
        .library(name: "ModuleTesting", targets: ["ModuleTesting", "PortTesting"]),
        .library(name: "TimenodeTrace", targets: ["Trace"]),
        .library(name: "TimenodeLab", targets: ["Lab"]),
        .library(name: "TimenodeTransport", targets: ["Transport"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    ],
    targets: [
        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        // One rule for which keys a node may have, for the two targets that read them: profiles and the wire.
        .target(name: "PublicKeys"),
        .target(name: "Profile", dependencies: ["CLibYAML", "PublicKeys"]),
        .target(
            name: "Wire",
            dependencies: [
                "PublicKeys",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            exclude: ["Schema"]
        ),
        // What the system and libraries complain of, in plain words.
        .target(
            name: "SystemErrors",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        .target(
            name: "Kernel",
            dependencies: [
                "Profile", "Wire",
                collections,
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(name: "Trace", dependencies: ["Kernel", "Profile", "Wire", collections]),
        .target(name: "Links", dependencies: ["Kernel", collections]),
        .target(name: "Discovery", dependencies: ["Kernel", collections]),
        .target(name: "Liveness", dependencies: ["Kernel", collections]),
        .target(
            name: "Consensus",
            dependencies: ["Kernel", collections, .product(name: "Crypto", package: "swift-crypto")]
        ),
        .target(name: "Application", dependencies: ["Kernel", collections]),
        // TCP_INFO in full: the C library's own structure ends before the counts of segments.
        .target(name: "CSocket"),
        .target(
            name: "Transport",
            dependencies: [
                "CSocket", "Kernel", "Profile", "SystemErrors", "Wire",
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(name: "Store", dependencies: ["Kernel"]),
        .target(
            name: "RPC",
            dependencies: [
                "Kernel", "Profile", "SystemErrors", "Wire",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(
            name: "Lab",
            dependencies: [
                "Kernel", "Trace", "Links", "Discovery", "Liveness", "Consensus", "Application", "Store",
                collections,
            ]
        ),
        // Opening a TUN interface in another network namespace, which Swift's view of the C library lacks.
        .target(name: "CTunnel"),
        .target(
            name: "LabLive", dependencies: ["CTunnel", "Lab", "Kernel", "Profile", "SystemErrors", "Trace", "Wire"]),
        .target(
            name: "ModuleTesting",
            dependencies: [
                "Kernel", "Profile", "Wire", "Links", "Discovery", "Liveness", "Consensus", "Store", "Lab",
                collections,
            ]
        ),
        // The kit of ports, apart from that of policies: it brings the drivers and their libraries.
        .target(
            name: "PortTesting",
            dependencies: [
                "ModuleTesting", "Kernel", "Profile", "Wire", "Application", "Store", "Transport", "RPC",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .target(
            name: "TimenodeCommands",
            dependencies: [
                "Profile", "Wire", "Kernel", "Links", "Discovery", "Liveness", "Consensus", "Application",
                "Trace", "Transport", "Store", "RPC", "Lab",
                "LabLive", "SystemErrors",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .executableTarget(name: "timenode", dependencies: ["TimenodeCommands"]),
        // A tool for those who change `single-link`; see docs/glare.md.
        .executableTarget(
            name: "glare",
            dependencies: ["ModuleTesting", .product(name: "ArgumentParser", package: "swift-argument-parser")]
        ),
        .testTarget(name: "ProfileTests", dependencies: ["Profile"], exclude: ["Faulty"]),
        .testTarget(
            name: "WireTests",
            dependencies: [
                "Wire",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ]
        ),
        .testTarget(name: "KernelTests", dependencies: ["Kernel"]),
        .testTarget(name: "LinksTests", dependencies: ["Links"]),
        .testTarget(name: "ConsensusTests", dependencies: ["Consensus", "Store"]),
        .testTarget(name: "DiscoveryTests", dependencies: ["Discovery", "Store"]),
        .testTarget(name: "ApplicationTests", dependencies: ["Application"]),
        .testTarget(name: "StoreTests", dependencies: ["Store"]),
        .testTarget(
            name: "TransportTests",
            dependencies: [
                "Transport", "Kernel", "Wire", "Profile", "Links", "Application",
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]
        ),
        .testTarget(
            name: "RPCTests",
            dependencies: [
                "RPC", "Kernel", "Profile", "Wire",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        .testTarget(
            name: "SystemErrorsTests",
            dependencies: [
                "SystemErrors", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "TimenodeCommands", "PortTesting", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        .testTarget(name: "TraceTests", dependencies: ["Trace"]),
        .testTarget(name: "LabTests", dependencies: ["Lab", "Trace"]),
        .testTarget(name: "LivenessTests", dependencies: ["Liveness"]),
        .testTarget(
            name: "LabLiveTests",
            dependencies: ["LabLive", "Lab", "Kernel", "Profile", "Trace", "Wire", "RPC", "TimenodeCommands"]
        ),
        .testTarget(
            name: "ModuleTestingTests",
            dependencies: [
                "ModuleTesting", "Profile", "Wire", "Links", "Liveness", "Discovery", "Consensus", "Application",
            ]
        ),
        .testTarget(
            name: "PortTestingTests",
            dependencies: [
                "PortTesting", "ModuleTesting", "Kernel", "Profile", "Wire", "Store", "Transport", "RPC", "Links",
                "Liveness", "Application", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        .testTarget(name: "SourceTests"),
    ],
    swiftLanguageModes: [.v6]
)

// `make test` lets no warning through. Not everybody's build does: a newer toolchain's new warning must not break it.
if Context.environment["TIMENODE_STRICT"] != nil {
    for target in package.targets where target.type != .system {
        target.swiftSettings = (target.swiftSettings ?? []) + [.treatAllWarnings(as: .error)]
    }
}

// `make test` optimises what computes without sockets: the tests of those targets then take a third of the time.
if Context.environment["TIMENODE_OPTIMISED"] != nil {
    let computing: Set = [
        "Profile", "Wire", "Kernel", "Trace", "Links", "Discovery", "Liveness", "Consensus", "Application", "Store",
        "Lab", "ModuleTesting",
    ]
    for target in package.targets where computing.contains(target.name) {
        target.swiftSettings = (target.swiftSettings ?? []) + [.unsafeFlags(["-O"])]
    }
}

// `make test SUITE=Links` builds the tests of that target only.
if let suite = Context.environment["TIMENODE_SUITE"] {
    package.targets.removeAll { $0.type == .test && $0.name != "\(suite)Tests" }
}
