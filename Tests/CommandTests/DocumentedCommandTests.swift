import ArgumentParser
import Foundation
import Testing

@testable import TimenodeCommands

/// Command lines in the documentation are ones that the program takes.
struct DocumentedCommandTests {
    /// One command line, and where it stands.
    struct Line: CustomTestStringConvertible {
        let place: String
        let words: [String]
        var testDescription: String { "\(place): \(words.joined(separator: " "))" }
    }

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
    /// What the program is called in the documentation.
    private static let programs = [
        "timenode", ".build/release/timenode", ".build/debug/timenode", "$TIMENODE",
        ".build/debug/node-with-ack-counter",
        "node-with-ack-counter",
    ]

    /// Every command line of a fenced block.
    static let blocks = documents.flatMap { fenced(in: $0) }
    /// Every command in running text, such as `timenode peers --why`; a word in capitals stands for something.
    static let mentions = documents.flatMap { inline(in: $0) }

    @Test("a command line in a block of the documentation is one that the program takes", arguments: blocks)
    func parses(_ line: Line) throws {
        do {
            try CommandNames.check(line.words, of: TimenodeCommand.self)
            _ = try TimenodeCommand.parseAsRoot(line.words)
        } catch {
            // A request for help is one, too.
            #expect(TimenodeCommand.exitCode(for: error).isSuccess, "\(TimenodeCommand.fullMessage(for: error))")
        }
    }

    @Test("a command in running text has names and options that there are", arguments: mentions)
    func exists(_ line: Line) throws {
        // What follows an ellipsis or a word in capitals is for the reader to fill in.
        let names = line.words.prefix { !$0.hasPrefix("-") && $0.allSatisfy { $0.isLowercase || $0 == "-" } }
        var command: any ParsableCommand.Type = TimenodeCommand.self
        for name in names {
            guard let next = Self.commands(of: command).first(where: { $0.name == name }) else { break }
            command = next.type
        }
        if command == TimenodeCommand.self, let first = names.first {
            #expect(first == "help", "there is no command '\(first)'")
        }
        let help = TimenodeCommand.helpMessage(for: command, includeHidden: true)
        for option in line.words where option.hasPrefix("--") && option.count > 2 {
            let name = option.prefix { $0 != "=" }
            #expect(help.contains("\(name)"), "'\(names.joined(separator: " "))' has no option \(name)")
        }
    }

    @Test("the documentation has commands, and a wrong one is noticed")
    func selfCheck() {
        #expect(Self.blocks.count > 30 && Self.mentions.count > 25)
        #expect(
            Self.words("timenode compare a.yaml --set 'x=[1, 2]'  # and so on") == [
                "compare", "a.yaml", "--set", "x=[1, 2]",
            ])
        #expect(Self.words("timenode config new > node.yaml") == ["config", "new"])
        #expect(Self.words("make test") == nil)
        #expect(throws: (any Error).self) { try TimenodeCommand.parseAsRoot(["compare", "--scenaro", "x"]) }
    }

    // MARK: Reading

    private static func commands(
        of command: any ParsableCommand.Type
    ) -> [(name: String, type: any ParsableCommand.Type)] {
        command.configuration.subcommands.map { ($0.configuration.commandName ?? "\($0)".lowercased(), $0) }
    }

    private static let documents: [(name: String, lines: [String])] = {
        let manager = FileManager.default
        let docs = (Files.names(in: "\(root)/docs") ?? []).map { "docs/\($0)" }
        let examples = Files.folders(in: "\(root)/Examples").map { "Examples/\($0)/README.md" }
        return (["README.md", "CONTRIBUTING.md"] + docs + examples).filter { $0.hasSuffix(".md") }.compactMap { name in
            manager.contents(atPath: "\(root)/\(name)").map {
                (name, String(decoding: $0, as: UTF8.self).components(separatedBy: "\n"))
            }
        }
    }()

    private static func fenced(in document: (name: String, lines: [String])) -> [Line] {
        var lines: [Line] = []
        var isShell = false
        var continued = ""
        for (index, line) in document.lines.enumerated() {
            if line.hasPrefix("```") {
                isShell = line == "```sh"
                continue
            }
            guard isShell else { continue }
            let whole = continued + line.trimmingCharacters(in: .whitespaces)
            if whole.hasSuffix("\\") {
                continued = whole.dropLast() + " "
                continue
            }
            continued = ""
            if let words = words(whole) { lines.append(Line(place: "\(document.name):\(index + 1)", words: words)) }
        }
        return lines
    }

    private static func inline(in document: (name: String, lines: [String])) -> [Line] {
        let text = document.lines.joined(separator: "\n")
        return text.components(separatedBy: "```").enumerated().filter { $0.offset % 2 == 0 }.flatMap { _, prose in
            prose.components(separatedBy: "`").enumerated().filter { $0.offset % 2 == 1 }.compactMap { _, code in
                words(code.replacing("\n", with: " ")).map { Line(place: document.name, words: $0) }
            }
        }
    }

    /// The arguments of the program, nil for a line of another one; up to a comment, a pipe or a redirection.
    private static func words(_ line: String) -> [String]? {
        var words: [String] = []
        var word = ""
        var quote: Character?
        for character in line + " " {
            if let open = quote {
                if character == open { quote = nil } else { word.append(character) }
            } else if character == "'" || character == "\"" {
                quote = character
            } else if character == " " {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else if character == "#", word.isEmpty {
                break
            } else if "|>;&".contains(character) {
                if !word.isEmpty { words.append(word) }
                word = ""
                break
            } else {
                word.append(character)
            }
        }
        // Settings of the environment, and a prompt.
        let command = words.drop { $0 == "$" || $0 == "sudo" || ($0.contains("=") && !$0.hasPrefix("-")) }
        guard let program = command.first, programs.contains(program) else { return nil }
        return Array(command.dropFirst())
    }
}
