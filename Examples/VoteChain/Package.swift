// swift-tools-version: 6.2
import PackageDescription

// A consensus module of somebody else's, in a package of its own. In yours, name the repository's address and a version in
// place of the path.
let package = Package(
    name: "vote-chain",
    products: [
        .library(name: "VoteChain", targets: ["VoteChain"]),
        .executable(name: "node-with-vote-chain", targets: ["node-with-vote-chain"]),
    ],
    dependencies: [
        .package(name: "timenode", path: "../.."),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    ],
    targets: [
        .target(
            name: "VoteChain",
            dependencies: [
                .product(name: "TimenodeKernel", package: "timenode"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]
        ),
        .executableTarget(
            name: "node-with-vote-chain",
            dependencies: [
                "VoteChain",
                .product(name: "Timenode", package: "timenode"),
                .product(name: "TimenodeKernel", package: "timenode"),
            ]
        ),
        .testTarget(
            name: "VoteChainTests",
            dependencies: [
                "VoteChain",
                .product(name: "ModuleTesting", package: "timenode"),
                .product(name: "TimenodeKernel", package: "timenode"),
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)
