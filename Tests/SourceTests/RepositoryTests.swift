import Testing

/// The shape of the sources, and what every visitor expects to find.
struct RepositoryTests {
    @Test("no file has more than 500 lines")
    func fileLength() throws {
        for file in SourceTree.allSources {
            let count = try SourceTree.text(file).split(separator: "\n", omittingEmptySubsequences: false).count - 1
            #expect(count <= 500, "\(file) has \(count) lines: one idea a file")
        }
    }

    @Test("no function has more than 60 lines")
    func functionLength() throws {
        for file in SourceTree.allSources where file.hasPrefix("Sources/") {
            for function in SourceText(try SourceTree.text(file)).functions where function.lineCount > 60 {
                Issue.record("\(file):\(function.firstLine): \(function.name) has \(function.lineCount) lines")
            }
        }
    }

    @Test("what the system and libraries complain of is put into words in one place")
    func systemErrors() throws {
        // The profile library stands on nothing but libyaml.
        let places = ["Sources/SystemErrors/", "Sources/Profile/Loading/ProfileFileSystem.swift"]
        for file in SourceTree.allSources where file.hasPrefix("Sources/") && !places.contains(where: file.hasPrefix) {
            for (number, line) in SourceText(try SourceTree.text(file)).lines.enumerated() {
                #expect(
                    !line.contains("strerror(") && !line.contains("localizedDescription"),
                    "\(file):\(number + 1): use SystemErrorText"
                )
            }
        }
    }

    @Test("the parser of functions finds bodies, and only declarations that have one")
    func parser() {
        let text = """
            protocol P {
                func plain(_ x: Int) -> Int
                init(y: Int)
            }
            struct S {
                init(z: Int = { 3 }()) {
                    let text = "} // func no() {"
                }
                func two<T>(
                    _ x: T
                ) -> T where T: Equatable {
                    /* } */
                    x
                }
            }
            """
        let found = SourceText(text).functions.map { "\($0.name) \($0.firstLine) \($0.lineCount)" }
        #expect(found == ["init 6 3", "func two 9 6"])
    }

    @Test("there is a licence, a readme and a list of changes", arguments: ["LICENSE", "README.md", "CHANGELOG.md"])
    func present(file: String) {
        #expect(SourceTree.exists(file), "\(file) is missing")
    }

    @Test("no file names a folder of the machine it was written on")
    func machinePaths() throws {
        let folders = [
            "Sources", "Tests", "Examples", "Benchmarks", "Fuzz", "docs", "profiles", "scenarios", "Scripts",
        ]
        let files = SourceTree.files(
            under: folders, endingIn: [".swift", ".md", ".yaml", ".yml", ".json", ".sh", ".py", ".c", ".h", ".html"]
        )
        let top = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "Makefile", "Package.swift", "node.yaml"]
        for file in files + top.filter(SourceTree.exists) where file != "Tests/SourceTests/RepositoryTests.swift" {
            let text = try SourceTree.text(file)
            for folder in ["/root/", "/home/", "/Users/", "/work/", "/tmp/"] where text.contains(folder) {
                Issue.record("\(file) names \(folder)")
            }
        }
    }
}
