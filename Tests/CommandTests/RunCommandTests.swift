import Testing

@testable import TimenodeCommands

@Suite("run, before it starts anything") struct RunCommandTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private static let advice = """
            timenode testnet init ./testnet
            timenode testnet up ./testnet
        """

    @Test("without a profile it says how to get one") func noProfile() async {
        let run = await CommandRun.of("run", directory.file("node.yaml"))
        #expect(run.status == 64)
        #expect(run.errors.contains("timenode config new > \(directory.file("node.yaml"))"))
        #expect(run.errors.contains(Self.advice))
    }

    @Test("without a network file it gives the two commands of a testnet, and makes nothing") func noNetwork()
        async throws
    {
        let profile = try directory.write(StandardProfile.text, to: "node.yaml")
        let run = await CommandRun.of("run", profile)
        #expect(run.status == 64)
        #expect(run.errors.contains("network.yaml does not exist"))
        #expect(run.errors.contains(Self.advice))
        #expect(Files.names(in: directory.path) == ["node.yaml"])
    }

    @Test("a profile with an error starts nothing") func faultyProfile() async throws {
        let profile = try directory.write("modules: {links: {use: dual-link}}\n", to: "node.yaml")
        let run = await CommandRun.of("run", profile)
        #expect(run.status == 64)
        #expect(run.errors.contains("unknown module 'dual-link'"))
        #expect(run.errors.contains("Nothing was started."))
    }

    @Test("a data directory belongs to one process at a time") func lockedDirectory() throws {
        let data = DataDirectory(path: directory.file("data"))
        try data.open()
        let failure = #expect(throws: CommandFailure.self) { try data.open() }
        #expect(failure?.message.contains("another node uses") == true)
    }

    @Test("a recording never replaces a file that is no trace")
    func protectedFile() async throws {
        let profile = try directory.write(StandardProfile.text, to: "mine.yaml")
        let made = await CommandRun.of("testnet", "init", directory.file("net"), "--nodes", "1")
        #expect(made.status == 0, "\(made.errors)")
        let node = directory.file("net/node1.yaml")
        // The easy mistake: the profile is taken for the file to write.
        let run = await CommandRun.of("run", node, "--record", profile)
        #expect(run.status == 64)
        #expect(run.errors.contains("--record would replace \(profile), which is no trace"))
        #expect(try directory.read("mine.yaml") == StandardProfile.text)
        for size in ["5", "1KiB", "2GiB"] {
            let run = await CommandRun.of("run", node, "--record", "--record-size", size)
            #expect(run.status == 64)
            #expect(run.errors.contains("--record-size takes 1MiB to 1GiB"))
        }
    }
}
