import Testing

@testable import Profile

@Suite("Profiles that name a module under the role that it played before") struct FormerRoleTests {
    private static let catalogue = Catalogue(
        roles: [
            RoleSpec(name: "application", isList: false, isRequired: false, summary: "what a transaction means"),
            RoleSpec(name: "workload", isList: true, isRequired: false, summary: "declared load"),
        ],
        modules: [
            module("application", "ledger", former: nil), module("workload", "traffic", former: "application"),
            module("workload", "burst", former: nil),
        ]
    )

    private static func module(_ role: String, _ id: String, former: String?) -> ModuleSpec {
        ModuleSpec(
            role: role, id: id, version: "1", stability: .beta, summary: "", posture: "",
            options: OptionSpec([.integer("size", default: 1, in: 0...9, "a number")]), formerRole: former
        )
    }

    private func load(_ text: String) -> LoadOutcome<EffectiveProfile> {
        ProfileLoader(catalogue: Self.catalogue).load(text: text, name: "node.yaml")
    }

    @Test(
        "it counts for the role of now, with a warning at its line that names the new one",
        arguments: ["use: [traffic], traffic: {size: 7}", "use: traffic, traffic: {size: 7}"]
    )
    func moved(block: String) throws {
        let outcome = load("modules:\n  application: {\(block)}\n")
        let profile = try #require(outcome.value, "\(outcome.renderedDiagnostics())")
        let selected = profile.selections(role: "workload")
        #expect(selected.map(\.id) == ["traffic"] && selected.first?.options.integer("size") == 7)
        #expect(profile.selections(role: "application").isEmpty)
        let warning = try #require(outcome.diagnostics.first)
        #expect(outcome.diagnostics.count == 1 && warning.code == .deprecated && warning.location?.line == 2)
        #expect(warning.help?.contains("workload: {use: [traffic]}") == true)
    }

    @Test("beside modules of the role of now it comes last, and the application stays")
    func beside() throws {
        let outcome = load("modules:\n  application: {use: [ledger, traffic]}\n  workload: {use: [burst]}\n")
        let profile = try #require(outcome.value, "\(outcome.renderedDiagnostics())")
        #expect(profile.selections(role: "workload").map(\.id) == ["burst", "traffic"])
        #expect(profile.selections(role: "application").map(\.id) == ["ledger"])
    }

    @Test("the new line has no warning")
    func new() {
        let outcome = load("modules:\n  workload: {use: [traffic], traffic: {size: 7}}\n")
        #expect(outcome.value != nil && outcome.diagnostics.isEmpty)
    }
}
