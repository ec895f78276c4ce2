// swift-tools-version: 6.2
import PackageDescription

// A package of its own: its products are made by `Scripts/fuzz`, which links the target with libFuzzer, and nobody who
// depends on timenode builds any of it.
let package = Package(
    name: "timenode-fuzz",
    products: [.library(name: "FuzzTargets", targets: ["FuzzTargets"])],
    dependencies: [
        .package(name: "timenode", path: ".."),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
    ],
    targets: [
        .target(
            name: "FuzzTargets",
            dependencies: [
                .product(name: "TimenodeKernel", package: "timenode"),
                .product(name: "TimenodeModules", package: "timenode"),
                .product(name: "TimenodeTrace", package: "timenode"),
                .product(name: "TimenodeTransport", package: "timenode"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
            ],
            // There is no main here: libFuzzer brings it.
            swiftSettings: [.unsafeFlags(["-parse-as-library"])]
        )
    ],
    swiftLanguageModes: [.v6]
)
