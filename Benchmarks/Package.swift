// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that nobody who depends on timenode builds a benchmark tool.
let package = Package(
    name: "timenode-benchmarks",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "ratios", targets: ["ratios"]),
        .executable(name: "crowd", targets: ["crowd"]),
    ],
    dependencies: [
        .package(name: "timenode", path: ".."),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    ],
    targets: [
        .target(name: "CEpoll"),
        // The system's OpenSSL; its symbols and BoringSSL's have different names.
        .target(name: "COpenSSL", linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
        .target(
            name: "Workloads",
            dependencies: [
                "CEpoll", "COpenSSL",
                .product(name: "Timenode", package: "timenode"),
                .product(name: "TimenodeKernel", package: "timenode"),
                .product(name: "TimenodeModules", package: "timenode"),
                .product(name: "TimenodeLab", package: "timenode"),
                .product(name: "TimenodeTransport", package: "timenode"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
            ]
        ),
        .executableTarget(name: "ratios", dependencies: ["Workloads"]),
        .executableTarget(name: "crowd", dependencies: ["Workloads"]),
        .executableTarget(
            name: "Simulator",
            dependencies: ["Workloads", .product(name: "Benchmark", package: "benchmark")],
            path: "Benchmarks/Simulator",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
        ),
    ],
    swiftLanguageModes: [.v6]
)
