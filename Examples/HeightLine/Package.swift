// swift-tools-version: 6.2
import PackageDescription

// An rpc module of somebody else's, in a package of its own. In yours, name the repository's address and a version in place
// of the path.
let package = Package(
    name: "height-line",
    products: [
        .library(name: "HeightLine", targets: ["HeightLine"]),
        .executable(name: "node-with-height-line", targets: ["node-with-height-line"]),
    ],
    dependencies: [
        .package(name: "timenode", path: "../.."),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    ],
    targets: [
        .target(
            name: "HeightLine",
            dependencies: [
                .product(name: "TimenodeKernel", package: "timenode"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        .executableTarget(
            name: "node-with-height-line",
            dependencies: [
                "HeightLine",
                .product(name: "Timenode", package: "timenode"),
                .product(name: "TimenodeKernel", package: "timenode"),
            ]
        ),
        .testTarget(
            name: "HeightLineTests",
            dependencies: [
                "HeightLine", .product(name: "ModuleTesting", package: "timenode"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)
