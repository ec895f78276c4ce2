import Foundation
import Testing

@testable import TimenodeCommands

@Suite("Where results go", .timeLimit(.minutes(1))) struct OutputTests {
    let directory: TemporaryDirectory
    let scenario: String
    let profile: String

    init() throws {
        directory = try TemporaryDirectory()
        scenario = try directory.write("summary: two nodes\nduration: 30s\nnetwork: {count: 2}\n", to: "calm.yaml")
        profile = try directory.write(StandardProfile.text, to: "mine.yaml")
    }

    // MARK: Standard output

    @Test("a result that standard output does not take is a failure, and one without a reader is none")
    func lostOutput() async throws {
        let full = try await ProgramRun.shell("\"$0\" config new > /dev/full")
        #expect(full.status == 1)
        #expect(full.errors.contains("cannot write the result to standard output: no space is left on the disk"))
        let closed = try await ProgramRun.shell("\"$0\" config new >&-")
        #expect(closed.status == 1)
        #expect(closed.errors.contains("cannot write the result to standard output: "))
        let cut = try await ProgramRun.shell("set -o pipefail; \"$0\" config schema | head -c 1")
        #expect(cut.status == 0)
        #expect(cut.errors.isEmpty)
    }

    @Test("a process without standard descriptors writes no diagnostics into the files that it opens")
    func missingDescriptors() async throws {
        let key = directory.file("identity.key")
        let run = try await ProgramRun.shell("\"$0\" keys new \"$1\" >&- 2>&-", key)
        #expect(run.status == 1)
        #expect(try directory.read("identity.key").hasPrefix("# timenode identity key"))
        #expect(try directory.read("identity.key").split(separator: "\n").count == 2)
    }

    // MARK: Files

    @Test("a key that cannot be written leaves no file behind, and can be made once there is room")
    func keyOnFullDisk() async throws {
        let key = directory.file("identity.key")
        // A process that may write no file: the same to it as a disk that is full.
        let full = try await ProgramRun.shell("trap '' XFSZ; ulimit -f 0; \"$0\" keys new \"$1\" | cat", key)
        #expect(full.errors.contains("cannot write \(key)"))
        #expect(Files.names(in: directory.path) == ["calm.yaml", "mine.yaml"])
        #expect(await CommandRun.of("keys", "new", key).status == 0)
        #expect(await CommandRun.of("keys", "show", key).status == 0)
    }

    @Test("a folder that does not exist is found out before anything runs, and the message says how to make it")
    func missingFolder() async {
        let missing = directory.file("no such/page")
        for arguments in [
            ["compare", profile, "--scenario", scenario, "--output", "\(missing).json"],
            ["compare", profile, "--scenario", scenario, "--claims", "\(missing).md"],
            ["simulate", profile, "--scenario", scenario, "--trace", missing],
            ["simulate", profile, "--scenario", scenario, "--save-plan", missing],
            ["scenarios", "report", "--output", missing], ["scenarios", "detectors", "--output", missing],
            ["scenarios", "record", "--output", missing],
        ] {
            let run = await CommandRun.of(arguments: arguments)
            #expect(run.status == 64, "\(arguments)")
            #expect(run.output.isEmpty)
            #expect(run.errors.contains("mkdir -p '\(directory.file("no such"))'"), "\(run.errors)")
        }
    }

    @Test("no output replaces what the command reads, by whatever name")
    func overwriting() async throws {
        let child = try directory.write("extends: ./mine.yaml\n", to: "child.yaml")
        let alias = directory.file("alias.json")
        try FileManager.default.createSymbolicLink(atPath: alias, withDestinationPath: profile)
        let plan = try directory.write("faults: []\n", to: "plan.yaml")
        let before = try directory.read("mine.yaml")
        for arguments in [
            ["simulate", child, "--scenario", scenario, "--trace", profile],
            ["simulate", profile, "--scenario", scenario, "--trace", "\(directory.path)/./calm.yaml"],
            ["simulate", profile, "--scenario", scenario, "--plan", plan, "--save-plan", plan],
            ["compare", child, "--scenario", scenario, "--output", alias],
            ["compare", profile, "--scenario", scenario, "--claims", scenario],
        ] {
            let run = await CommandRun.of(arguments: arguments)
            #expect(run.status == 64, "\(arguments)")
            #expect(run.errors.contains("which this command reads"), "\(run.errors)")
        }
        #expect(try directory.read("mine.yaml") == before)
        let twice = await CommandRun.of(
            "simulate", profile, "--scenario", scenario, "--trace", directory.file("x"), "--save-plan",
            directory.file("x")
        )
        #expect(twice.status == 64)
        #expect(twice.errors.contains("--trace and --save-plan name the same file"))
    }

    @Test("a file that is written through a link or a pipe stays a link or a pipe")
    func specialFiles() throws {
        let target = try directory.write("old", to: "target")
        chmod(target, 0o640)
        let link = directory.file("link")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "target")
        try Files.write("new", to: link)
        #expect(try directory.read("target") == "new")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "target")
        var status = stat()
        #expect(stat(target, &status) == 0 && status.st_mode & 0o777 == 0o640)

        let pipe = directory.file("pipe")
        #expect(mkfifo(pipe, 0o600) == 0)
        let reader = open(pipe, O_RDWR)
        defer { close(reader) }
        try Files.write("through", to: pipe)
        var bytes = [UInt8](repeating: 0, count: 7)
        #expect(read(reader, &bytes, 7) == 7)
        #expect(String(decoding: bytes, as: UTF8.self) == "through")
        #expect(lstat(pipe, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
    }

    // MARK: Paths

    @Test("a path that begins with a tilde is in the home directory, on the command line and in a profile")
    func home() async throws {
        let environment = ["HOME": directory.path]
        let made = await CommandRun.of("keys", "new", "~/identity.key", environment: environment)
        #expect(made.status == 0, "\(made.errors)")
        #expect(Files.exists(directory.file("identity.key")))
        let printed = await CommandRun.of(
            "config", "print", "~/mine.yaml", "--set", "node.data_dir=~/data", environment: environment
        )
        #expect(printed.output.contains("data_dir: \(directory.file("data"))"), "\(printed.output)\(printed.errors)")
        let compared = await CommandRun.of(
            "simulate", "~/mine.yaml", "--scenario", "~/calm.yaml", "--save-plan=~/plan.yaml", environment: environment
        )
        #expect(compared.status != 64, "\(compared.errors)")
        #expect(try directory.read("plan.yaml").contains("scenario: ./calm.yaml"))
    }

    @Test("a tilde that cannot be expanded is refused, and the message says what to write")
    func noHome() async {
        let someone = await CommandRun.of("keys", "new", "~root/key", environment: ["HOME": directory.path])
        #expect(someone.status == 64)
        #expect(someone.errors.contains("'./~root/key'"))
        let nowhere = await CommandRun.of("config", "print", profile, "--set", "node.data_dir=~/data")
        #expect(nowhere.status == 64)
        #expect(nowhere.errors.contains("the environment has no HOME"))
    }

    @Test("a path is quoted for the shell where it needs to be")
    func quoting() {
        #expect(Shell.quoted("./net/node1.yaml") == "./net/node1.yaml")
        #expect(Shell.quoted("my net") == "'my net'")
        #expect(Shell.quoted("it's") == #"'it'\''s'"#)
        #expect(Shell.quoted("[::1]:24100") == "'[::1]:24100'")
        #expect(Shell.quoted("~") == "'~'" && Shell.quoted("") == "''")
    }
}
