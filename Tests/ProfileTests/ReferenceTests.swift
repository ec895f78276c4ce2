import Foundation
import Profile
import Testing

@Suite("Reference texts")
struct ReferenceTests {
    private let catalogue = SmallCatalogue.catalogue

    @Test("the schema is JSON, the same every time, and knows every option")
    func schema() throws {
        let text = jsonSchema(for: catalogue)
        #expect(text == jsonSchema(for: catalogue))
        let root = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(root["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
        let properties = try #require(root["properties"] as? [String: Any])
        let modules = try #require((properties["modules"] as? [String: Any])?["properties"] as? [String: Any])
        #expect(modules.count == catalogue.roles.count)
        for module in catalogue.modules {
            let role = try #require((modules[module.role] as? [String: Any])?["properties"] as? [String: Any])
            let block = try #require((role[module.id] as? [String: Any])?["properties"] as? [String: Any])
            #expect(block.count == module.options.fields.count)
        }
        #expect(text.contains("\"default\": \"30s\""))
    }

    @Test("the schema's patterns take what the loader takes")
    func patterns() throws {
        let text = jsonSchema(for: catalogue)
        #expect(text.contains("\"pattern\": \"^(?=.)([0-9]+d)?"))
        let duration = try Regex("^(?=.)([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?([0-9]+us)?$")
        for value in ["1m30s", "500ms", "1d"] { #expect(value.contains(duration)) }
        for value in ["", "30", "1s1m"] { #expect(!value.contains(duration)) }
    }

    @Test("a module is described with its options")
    func module() throws {
        let module = try #require(catalogue.module(role: "transport", id: "tls"))
        #expect(
            describe(module: module) == """
                tls 1.0.0 (transport, stable)
                  TLS 1.3
                  security: trusts nobody

                options:
                  listen  endpoint, default 0.0.0.0:24101: where others reach this node
                  limits  block of keys: what strangers may use
                      handshakes  integer, 1…1024, default 16: handshakes at the same time
                      deadline    duration, 1s…1m, default 10s: time for one of them

                """
        )
    }

    @Test("an option is explained by its path, with or without 'modules.'")
    func option() {
        let text = """
            modules.liveness.ping-pong.interval
              time between pings on an idle link
              type: duration
              range: 1s…10m
              default: 30s
              example: interval: 30s

            """
        #expect(explain(path: "liveness.ping-pong.interval", catalogue: catalogue) == text)
        #expect(explain(path: "modules.liveness.ping-pong.interval", catalogue: catalogue) == text)
        #expect(explain(path: "node.log.level", catalogue: catalogue)?.contains("default: info") == true)
        #expect(explain(path: "node.log", catalogue: catalogue)?.contains("format") == true)
        #expect(explain(path: "node", catalogue: catalogue)?.contains("data_dir") == true)
        #expect(explain(path: "liveness", catalogue: catalogue)?.contains("tcp-keepalive  stable") == true)
        #expect(
            explain(path: "rpc.http.rules.allow.methods", catalogue: catalogue)?.contains("names of methods") == true)
        for path in [
            "", ".", "modules", "nothing", "liveness.nothing", "liveness.ping-pong.nothing", "node.x",
            "rpc.http.token.x",
        ] {
            #expect(explain(path: path, catalogue: catalogue) == nil, "\(path)")
        }
    }

    @Test("'config print' shows each value with where it came from")
    func rendering() throws {
        let text = """
            node: {data_dir: ./data}
            modules:
              links: {use: single-link}
              discovery: {use: [peer-fill]}
              liveness:
                use: ping-pong
                ping-pong: {interval: "${env:PING:20s}", misses: 4}
                tcp-keepalive: {idle: 9s}
              consensus: {use: slot-leader}
              transport: {use: tls}
              store: {use: memory}
            """
        let loader = ProfileLoader(catalogue: catalogue, environment: ["PING": "10s"])
        let outcome = loader.load(
            text: text, name: "node.yaml", overrides: ["modules.transport.tls.limits.handshakes=3"]
        )
        let printed = try #require(outcome.value).render()
        #expect(printed.contains("    use: ping-pong                              # node.yaml:6\n"), "\(printed)")
        #expect(printed.contains("      interval: 10s                             # env PING (node.yaml:7)\n"))
        #expect(printed.contains("      timeout: 5s                               # default\n"))
        #expect(printed.contains("    tcp-keepalive:                              # inactive: not selected by 'use'\n"))
        #expect(
            printed.contains(
                "        handshakes: 3                           # --set modules.transport.tls.limits.handshakes\n"))
    }

    @Test("diagnostics are available as JSON")
    func diagnostics() throws {
        let outcome = ProfileLoader(catalogue: catalogue).load(text: "modul\u{1}es: [", name: "a\"b.yaml")
        let json = outcome.jsonObject.render()
        let root = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        #expect(root["errors"] as? Int == 1)
        let first = try #require((root["diagnostics"] as? [[String: Any]])?.first)
        #expect(first["file"] as? String == "a\"b.yaml")
        #expect(first["severity"] as? String == "error")
        #expect(first["code"] as? String == "encoding")
    }

    @Test("JSON strings are escaped, and members keep their order")
    func json() {
        let value = JSONValue.object([
            JSONMember("b", .array([.null, .boolean(true), .integer(-1), .number(0.5), .array([])])),
            JSONMember("a", .string("\"\\\n\u{1}é")),
        ])
        #expect(value.render() == #"{"b":[null,true,-1,0.5,[]],"a":"\"\\\n\u0001é"}"#)
        #expect(
            JSONValue.object([JSONMember("a", .array([.integer(1)]))]).render(indented: true)
                == "{\n  \"a\": [\n    1\n  ]\n}")
    }
}
