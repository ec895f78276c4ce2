// swift-tools-version: 6.2
import PackageDescription

// A module of somebody else's, in a package of its own. In yours, name the repository's address and a version in place
// of the path.
let package = Package(
    name: "ack-counter",
    products: [
        .library(name: "AckCounter", targets: ["AckCounter"]),
        .executable(name: "node-with-ack-counter", targets: ["node-with-ack-counter"]),
        .executable(name: "compare-detectors", targets: ["compare-detectors"]),
    ],
    dependencies: [
        .package(name: "timenode", path: "../..")
    ],
    targets: [
        .target(name: "AckCounter", dependencies: [.product(name: "TimenodeKernel", package: "timenode")]),
        .executableTarget(
            name: "node-with-ack-counter",
            dependencies: [
                "AckCounter",
                .product(name: "Timenode", package: "timenode"),
                .product(name: "TimenodeKernel", package: "timenode"),
            ]
        ),
        // A comparison without the command line.
        .executableTarget(
            name: "compare-detectors",
            dependencies: [
                "AckCounter",
                .product(name: "Timenode", package: "timenode"),
                .product(name: "TimenodeKernel", package: "timenode"),
                .product(name: "TimenodeLab", package: "timenode"),
            ]
        ),
        .testTarget(
            name: "AckCounterTests",
            dependencies: ["AckCounter", .product(name: "ModuleTesting", package: "timenode")]
        ),
    ],
    swiftLanguageModes: [.v6]
)
