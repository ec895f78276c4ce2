import Foundation
import Profile
import Testing

@Suite("Loading profiles")
struct ProfileLoaderTests {
    private static let good = """
        modules:
          links: {use: single-link}
          discovery: {use: [masternode-priority, peer-fill]}
          liveness: {use: ping-pong}
          consensus: {use: slot-leader}
          transport: {use: tcp, tcp: {listen: 0.0.0.0:24100}}
          store: {use: memory}

        """

    /// Files that exist only here.
    private func loader(_ files: [String: String], environment: [String: String] = [:]) -> ProfileLoader {
        let system = ProfileFileSystem(read: { path in
            files[path].map { .success(Array($0.utf8)) }
                ?? .failure(FileProblem(code: .missing, message: "there is no such file"))
        })
        return ProfileLoader(catalogue: SmallCatalogue.catalogue, environment: environment, fileSystem: system)
    }

    private func load(
        _ files: [String: String], _ path: String = "node.yaml", environment: [String: String] = [:],
        overrides: [String] = []
    ) throws -> EffectiveProfile {
        let outcome = loader(files, environment: environment).load(path: path, overrides: overrides)
        #expect(outcome.renderedDiagnostics() == "")
        return try #require(outcome.value)
    }

    private func pingPong(_ profile: EffectiveProfile) throws -> Options {
        try #require((profile.modules + profile.inactive).first { $0.id == "ping-pong" }).options
    }

    @Test("a profile that says little has the defaults for the rest")
    func defaults() throws {
        let profile = try load(["conf/node.yaml": Self.good], "conf/node.yaml")
        #expect(profile.name == "node")
        #expect(profile.path == "conf/node.yaml")
        #expect(profile.networkFile == nil)
        #expect(
            profile.modules.map(\.role) == [
                "links", "discovery", "discovery", "liveness", "consensus", "transport", "store",
            ])
        #expect(profile.selections(role: "discovery").map(\.id) == ["masternode-priority", "peer-fill"])
        #expect(profile.selection(role: "rpc") == nil)
        let options = try pingPong(profile)
        #expect(options.duration("interval") == .seconds(30))
        #expect(options.integer("misses") == 3)
        #expect(options.provenance(of: "interval") == .default)
    }

    @Test("a list role takes one name without brackets, and an optional role an empty list")
    func listRoles() throws {
        let text =
            Self.good.replacing("{use: [masternode-priority, peer-fill]}", with: "{use: peer-fill}")
            + "  rpc: {use: []}\n"
        let profile = try load(["node.yaml": text])
        #expect(profile.selections(role: "discovery").map(\.id) == ["peer-fill"])
        #expect(profile.selections(role: "rpc").isEmpty)
    }

    @Test("an optional role with blocks and without 'use' is a warning, and nothing is selected")
    func warning() throws {
        let outcome = loader(["node.yaml": Self.good + "  rpc: {http: {}}\n"]).load(path: "node.yaml")
        #expect(outcome.summaryLine() == "1 problem (1 warning).")
        let profile = try #require(outcome.value)
        #expect(profile.selections(role: "rpc").isEmpty)
        #expect(profile.inactive.map(\.id) == ["http"])
    }

    @Test("blocks of extended files merge, lists are replaced, and the file itself has the last word")
    func extends() throws {
        let base = Self.good.replacing(
            "liveness: {use: ping-pong}",
            with: "liveness: {use: ping-pong, ping-pong: {interval: 60s, misses: 9}, tcp-keepalive: {idle: 9s}}"
        )
        let profile = try load([
            "base.yaml": base,
            "second.yaml": "modules: {liveness: {ping-pong: {misses: 8, timeout: 2s}}}\n",
            "node.yaml": """
            extends: [base.yaml, second.yaml]
            modules:
              liveness: {use: tcp-keepalive, ping-pong: {timeout: 3s}}
              discovery: {use: [peer-fill]}
            """,
        ])
        #expect(profile.selection(role: "liveness")?.id == "tcp-keepalive")
        #expect(profile.selection(role: "liveness")?.options.duration("idle") == .seconds(9))
        #expect(profile.selections(role: "discovery").map(\.id) == ["peer-fill"])
        let options = try pingPong(profile)
        #expect(options.duration("interval") == .seconds(60))
        #expect(options.integer("misses") == 8)
        #expect(options.duration("timeout") == .seconds(3))
        #expect(profile.inactive.map(\.id) == ["ping-pong"])
        guard case .file(let place) = options.provenance(of: "misses") else {
            Issue.record("not from a file")
            return
        }
        #expect(place.description == "second.yaml:1:42")
    }

    @Test("an empty block takes nothing away from the file below it")
    func emptyBlock() throws {
        let profile = try load([
            "base.yaml": Self.good + "node: {log: {level: debug}}\n",
            "node.yaml": "extends: base.yaml\nnode:\nmodules:\n  liveness:\n    ping-pong:\n",
        ])
        #expect(profile.node.record("log").choice("level") == "debug")
    }

    @Test("paths resolve against the file that states them")
    func paths() throws {
        let profile = try load(
            [
                "profiles/base/base.yaml": Self.good
                    + "node: {network_file: ./network.yaml, data_dir: /var/lib/node}\n",
                "profiles/node.yaml": """
                extends: base/base.yaml
                modules: {store: {use: sqlite, sqlite: {file: ../chain.db}}}
                """,
            ],
            "profiles/node.yaml", overrides: ["node.data_dir=data"]
        )
        #expect(profile.networkFile == "profiles/base/network.yaml")
        #expect(profile.dataDirectory == "data")
        #expect(profile.selection(role: "store")?.options.path("file") == "profiles/../chain.db")
    }

    @Test("references to the environment are filled in, also in quotes, and '$${' stands for itself")
    func environment() throws {
        let text =
            Self.good + """
                  rpc: {use: http, http: {token: "$${env:X}", listen: "${env:HOST:127.0.0.1}:${env:PORT}"}}
                node: {log: {level: "${env:LEVEL:debug}"}}

                """
        let profile = try load(
            [
                "node.yaml": text.replacing(
                    "use: ping-pong", with: "use: ping-pong, ping-pong: {misses: '${env:MISSES}'}")
            ],
            environment: ["PORT": "8080", "MISSES": "7"]
        )
        let http = try #require(profile.selection(role: "rpc")).options
        #expect(http.string("token") == "${env:X}")
        #expect(http.endpoint("listen") == "127.0.0.1:8080")
        #expect(profile.node.record("log").choice("level") == "debug")
        let options = try pingPong(profile)
        #expect(options.integer("misses") == 7)
        guard case .environment("MISSES", let place) = options.provenance(of: "misses") else {
            Issue.record("not from the environment")
            return
        }
        #expect(place.line == 4)
    }

    @Test("a reference that an upper file replaces need not be set")
    func replacedReference() throws {
        let base = Self.good.replacing("use: ping-pong", with: "use: ping-pong, ping-pong: {misses: '${env:MISSES}'}")
        let profile = try load([
            "base.yaml": base, "node.yaml": "extends: base.yaml\nmodules: {liveness: {ping-pong: {misses: 2}}}\n",
        ])
        #expect(try pingPong(profile).integer("misses") == 2)
    }

    @Test("overrides have the last word, and later ones over earlier ones")
    func overrides() throws {
        let texts = [
            "modules.liveness.use=tcp-keepalive", "modules.liveness.use=ping-pong",
            "modules.liveness.ping-pong.misses=4", "modules.discovery.use=[peer-fill]",
            "modules.transport.tcp.listen=[::1]:9", "modules.liveness.tcp-keepalive.probes=unset",
        ]
        let profile = try load(["node.yaml": Self.good], overrides: texts)
        #expect(profile.selection(role: "liveness")?.id == "ping-pong")
        #expect(profile.selections(role: "discovery").map(\.id) == ["peer-fill"])
        #expect(try pingPong(profile).provenance(of: "misses") == .override("modules.liveness.ping-pong.misses=4"))
        // '[' begins a list in YAML; a shell takes the quotes away that would say otherwise.
        #expect(profile.selection(role: "transport")?.options.endpoint("listen") == "[::1]:9")
        #expect(profile.inactive.first?.options.optionalInteger("probes") == nil)
    }

    @Test("the old name of an option gives its value to the new one, with a warning")
    func deprecated() throws {
        let text = Self.good.replacing("use: ping-pong", with: "use: ping-pong, ping-pong: {period: 45s}")
        let outcome = loader(["node.yaml": text]).load(path: "node.yaml")
        #expect(outcome.diagnostics.map(\.code) == [.deprecated])
        #expect(try pingPong(#require(outcome.value)).duration("interval") == .seconds(45))
    }

    @Test("the old word of a choice stands for the new one, with a warning that names it")
    func renamedWord() throws {
        let links = "use: single-link, single-link: {direction: low-dials}"
        let text = Self.good.replacing("use: single-link", with: links)
        let outcome = loader(["node.yaml": text]).load(path: "node.yaml")
        #expect(outcome.diagnostics.map(\.code) == [.deprecated])
        #expect(outcome.renderedDiagnostics().contains("write 'lower-dials'"))
        let options = try #require(outcome.value).selection(role: "links")?.options
        #expect(options?.choice("direction") == "lower-dials")
    }

    @Test(
        "two profiles with the same values have the same text for a digest, wherever they are and however they say it")
    func canonical() throws {
        let plain = try load(["node.yaml": Self.good])
        let wordy = try load(
            [
                "etc/base.yaml": Self.good,
                "etc/b.yaml": """
                extends: base.yaml
                node: {data_dir: elsewhere}
                modules: {liveness: {use: ping-pong, ping-pong: {interval: 0m30s}, tcp-keepalive: {idle: 1s}}}
                """,
            ],
            "etc/b.yaml"
        )
        #expect(plain.canonicalText() == wordy.canonicalText())
        let other = try load(["node.yaml": Self.good], overrides: ["modules.liveness.ping-pong.misses=2"])
        #expect(plain.canonicalText() != other.canonicalText())
        #expect(plain.selection(role: "links") == wordy.selection(role: "links"))
        #expect(plain.canonicalText().contains("modules.liveness[0].interval=30s\n"))
    }

    @Test("an error of a constructor is put at the option it is about")
    func constructorError() throws {
        let text = Self.good.replacing("use: ping-pong", with: "use: ping-pong, ping-pong: {misses: 7}")
        let profile = try load(["node.yaml": text], overrides: ["modules.store.use=sqlite"])
        let liveness = try #require(profile.selection(role: "liveness"))
        let diagnostic = profile.diagnostic(for: liveness, key: "misses", message: "seven is too many")
        #expect(
            diagnostic.render() == """
                node.yaml:4:50: error: liveness 'ping-pong': seven is too many
                    4 |   liveness: {use: ping-pong, ping-pong: {misses: 7}}
                      |                                                  ^
                """
        )
        let store = try #require(profile.selection(role: "store"))
        #expect(profile.diagnostic(for: store, message: "no").location?.description == "--set:1:19")
    }
}
