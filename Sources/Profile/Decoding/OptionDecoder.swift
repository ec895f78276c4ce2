/// Reads nodes as options. Problems go to the session; a nil result means that at least one error was reported.
struct OptionDecoder {
    let session: LoadSession

    /// What a value is for, for the messages about it.
    struct Subject {
        var name: String
        /// The option's own line: `(duration, 1s…10m, default 30s: …)`.
        var hint: String
        var example: String
        var isOptional = false
        var isSecret = false
    }

    /// A value, and the environment variable that it came from.
    struct Reading {
        var value: OptionValue
        var environment: String?
    }

    /// A block of options.
    ///
    /// - Parameters:
    ///   - node: the block; nil if there is none, which means all defaults.
    ///   - owner: whose options these are, for messages: `liveness 'ping-pong'`.
    ///   - place: where a missing key is reported.
    func options(_ spec: OptionSpec, from node: YAMLNode?, owner: String, at place: SourceLocation?) -> Options? {
        guard let pairs = pairs(of: node, owner: owner) else { return nil }
        return options(spec, pairs, node, owner: owner, at: place, variant: nil)
    }

    /// The pairs of a block; an absent or empty one has none.
    func pairs(of node: YAMLNode?, owner: String) -> [YAMLPair]? {
        guard let node else { return [] }
        if node.isRefused { return nil }
        if node.isEmpty { return [] }
        guard let pairs = node.pairs else {
            session.error(.wrongType, node.location, "\(owner) wants a block of keys, found \(node.inWords)")
            return nil
        }
        return pairs
    }

    private func options(
        _ spec: OptionSpec, _ pairs: [YAMLPair], _ node: YAMLNode?, owner: String, at place: SourceLocation?,
        variant: String?
    ) -> Options? {
        var isGood = true
        for pair in pairs where spec.field(pair.key) == nil {
            unknownKey(pair, spec, owner: owner)
            isGood = false
        }
        var entries: [Options.Entry] = []
        for field in spec.fields {
            guard let pair = pairs.first(where: { $0.key == field.key }) ?? replaced(field, spec, pairs) else {
                if field.isRequired, isMisspelt(field.key, spec, pairs) {
                    isGood = false
                } else if field.isRequired, !session.isIncomplete {
                    let help = "add for example '\(field.key): \(field.exampleText)' \(field.hint)"
                    session.error(.missingKey, place, "\(owner) lacks the key '\(field.key)'", help: help)
                    isGood = false
                }
                entries.append(Options.Entry(value: field.default ?? .none, provenance: .default))
                continue
            }
            if let newKey = field.deprecatedBy {
                isGood = deprecated(pair, by: newKey, pairs, owner: owner) && isGood
                entries.append(Options.Entry(value: .none, provenance: .default))
                continue
            }
            guard let reading = value(field, pair, owner: owner) else {
                isGood = false
                continue
            }
            let provenance = session.provenance(pair.value.location, environment: reading.environment)
            entries.append(Options.Entry(value: reading.value, provenance: provenance))
        }
        guard isGood else { return nil }
        let options = Options(spec: spec, entries: entries, variant: variant)
        return check(options, node, owner: owner, at: place) ? options : nil
    }

    /// Whether a required key is there under a wrong name, which is reported already.
    private func isMisspelt(_ key: String, _ spec: OptionSpec, _ pairs: [YAMLPair]) -> Bool {
        pairs.contains { spec.field($0.key) == nil && Spelling.closest(to: $0.key, among: [key]) != nil }
    }

    /// The pair of an old key that gives its value to `field`.
    private func replaced(_ field: OptionField, _ spec: OptionSpec, _ pairs: [YAMLPair]) -> YAMLPair? {
        let oldKeys = spec.fields.filter { $0.deprecatedBy == field.key }.map(\.key)
        return pairs.first { oldKeys.contains($0.key) }
    }

    private func deprecated(_ pair: YAMLPair, by newKey: String, _ pairs: [YAMLPair], owner: String) -> Bool {
        if pairs.contains(where: { $0.key == newKey }) {
            let message = "\(owner) has '\(newKey)' and its old name '\(pair.key)'"
            session.error(.deprecated, pair.keyLocation, message, help: "remove '\(pair.key)'")
            return false
        }
        let message = "the key '\(pair.key)' in \(owner) is deprecated"
        session.warning(.deprecated, pair.keyLocation, message, help: "write '\(newKey)'")
        return true
    }

    private func value(_ field: OptionField, _ pair: YAMLPair, owner: String) -> Reading? {
        let subject = Subject(
            name: "'\(pair.key)' in \(owner)", hint: field.hint, example: field.exampleText,
            isOptional: field.isOptional, isSecret: field.isSecret
        )
        if case .scalar(let text, _) = pair.value.content,
            let word = field.renamedWords.first(where: { $0.old == text })
        {
            let message = "the word '\(word.old)' of \(subject.name) is deprecated"
            session.warning(.deprecated, pair.value.location, message, help: "write '\(word.new)'")
            return Reading(value: .string(word.new))
        }
        return value(field.type, pair.value, subject)
    }

    private func unknownKey(_ pair: YAMLPair, _ spec: OptionSpec, owner: String) {
        let keys = spec.fields.filter { $0.deprecatedBy == nil }.map(\.key)
        let help: String
        if let near = Spelling.closest(to: pair.key, among: keys), let field = spec.field(near) {
            help = "did you mean '\(near)'? \(field.hint)"
        } else if keys.isEmpty {
            help = "there are no options to set here"
        } else {
            help = "known keys: \(keys.joined(separator: ", "))"
        }
        session.error(.unknownKey, pair.keyLocation, "unknown key \(quoted(pair.key)) in \(owner)", help: help)
    }

    private func check(_ options: Options, _ node: YAMLNode?, owner: String, at place: SourceLocation?) -> Bool {
        let messages = options.spec.check?(options) ?? []
        for message in messages {
            let location = RulePlace.location(of: message, spec: options.spec, node: node)
            session.error(.rule, location ?? place ?? node?.location, "\(owner): \(message)")
        }
        return messages.isEmpty
    }

    // MARK: Values of any type

    func value(_ type: OptionType, _ node: YAMLNode, _ subject: Subject) -> Reading? {
        if node.isRefused { return nil }
        switch type {
        case .list(let element, let count):
            return list(of: element, count: count, type, node, subject)
        case .record(let spec):
            if let reading = unset(node, subject) { return reading }
            guard node.isEmpty || node.pairs != nil else { return wrong(type, node, subject) }
            let options = options(spec, from: node, owner: subject.name, at: node.location)
            return options.map { Reading(value: .record($0)) }
        case .union(let cases, let common):
            if let reading = unset(node, subject) { return reading }
            return union(cases, common, type, node, subject)
        default:
            return scalar(type, node, subject)
        }
    }

    private func list(
        of element: OptionType, count: ClosedRange<Int>, _ type: OptionType, _ node: YAMLNode, _ subject: Subject
    ) -> Reading? {
        if let reading = unset(node, subject) { return reading }
        guard case .sequence(let items) = node.content else {
            guard case .scalar(let text, _) = node.content, !node.isEmpty else { return wrong(type, node, subject) }
            let remedy = "put it in brackets: [\(printable(text))]"
            return wrong(type, node, subject, .wrong(type, remedy))
        }
        guard count.contains(items.count) else {
            let message = "\(subject.name) wants \(OptionType.items(count)), found \(items.count)"
            session.error(.outOfRange, node.location, message, help: subject.hint, isSecret: subject.isSecret)
            return nil
        }
        var values: [OptionValue] = []
        var environment: String?
        for (index, item) in items.enumerated() {
            var itemSubject = subject
            itemSubject.name = "item \(index + 1) of \(subject.name)"
            itemSubject.example = element.sample
            itemSubject.isOptional = false
            guard let reading = value(element, item, itemSubject) else { continue }
            environment = environment ?? reading.environment
            values.append(reading.value)
        }
        return values.count == items.count ? Reading(value: .list(values), environment: environment) : nil
    }

    private func union(
        _ cases: [UnionCase], _ common: OptionSpec, _ type: OptionType, _ node: YAMLNode, _ subject: Subject
    ) -> Reading? {
        guard let pairs = node.pairs else { return wrong(type, node, subject) }
        let kinds = pairs.filter { pair in cases.contains { $0.key == pair.key } }
        let names = cases.map(\.key)
        let spec = UnionCase.spec(cases, common: common)
        if kinds.count > 1 {
            let message = "\(subject.name) wants one of its kinds, found '\(kinds[0].key)' and '\(kinds[1].key)'"
            session.error(.wrongType, kinds[1].keyLocation, message, help: "keep one of them")
            return nil
        }
        guard let kind = kinds.first else {
            for pair in pairs where spec.field(pair.key) == nil { unknownKey(pair, spec, owner: subject.name) }
            if pairs.allSatisfy({ spec.field($0.key) != nil }) {
                let message = "\(subject.name) does not say its kind"
                session.error(.missingKey, node.location, message, help: "add one of the keys \(alternatives(names))")
            }
            return nil
        }
        let place = node.location
        let options = options(spec, pairs, node, owner: subject.name, at: place, variant: kind.key)
        return options.map { Reading(value: .record($0)) }
    }

    /// The word `unset`, where it is allowed.
    private func unset(_ node: YAMLNode, _ subject: Subject) -> Reading? {
        guard subject.isOptional, case .scalar("unset", plain: true) = node.content else { return nil }
        return Reading(value: .none)
    }

    private func scalar(_ type: OptionType, _ node: YAMLNode, _ subject: Subject) -> Reading? {
        guard case .scalar(let written, let isPlain) = node.content else { return wrong(type, node, subject) }
        guard let outcome = substitute(written, at: node.location) else { return nil }
        let plain = isPlain || outcome.isReference
        if subject.isOptional, plain, outcome.text == "unset" {
            return Reading(value: .none, environment: outcome.name)
        }
        if plain, YAMLNode.isNull(outcome.text) {
            var found = node
            found.content = .scalar(text: "", plain: true)
            return wrong(type, found, subject)
        }
        do throws(ScalarProblem) {
            var value = try ScalarReader.read(outcome.text, plain: plain, as: type)
            if case .path = type, case .string(let path) = value {
                guard let resolved = resolved(path, node, subject) else { return nil }
                value = .string(resolved)
            }
            return Reading(value: value, environment: outcome.name)
        } catch {
            var found = node
            found.content = .scalar(text: outcome.text, plain: plain)
            return wrong(type, found, subject, error)
        }
    }

    private func resolved(_ path: String, _ node: YAMLNode, _ subject: Subject) -> String? {
        do throws(HomePath.Problem) {
            return try session.resolve(path, statedIn: node.location.file)
        } catch {
            let message = subject.isSecret ? "the path cannot be expanded" : error.message
            session.error(.wrongType, node.location, message, help: error.help, isSecret: subject.isSecret)
            return nil
        }
    }

    /// The text with its references to the environment filled in; nil if one of them cannot be.
    func substitute(_ text: String, at location: SourceLocation) -> EnvironmentReference.Outcome? {
        do throws(EnvironmentReference.Problem) {
            return try EnvironmentReference.substitute(text, session.environment)
        } catch {
            session.error(.environment, location, error.message, help: error.help)
            return nil
        }
    }

    private func wrong(
        _ type: OptionType, _ node: YAMLNode, _ subject: Subject, _ problem: ScalarProblem? = nil
    ) -> Reading? {
        let found = subject.isSecret ? "" : ", found \(node.inWords)"
        let message = "\(subject.name) wants \(problem?.wants ?? type.wanted)\(found)"
        let fallback = problem?.code == .outOfRange ? nil : "write for example \(subject.example)"
        let remedy = subject.isSecret ? nil : (problem?.remedy ?? fallback)
        let help = [remedy, subject.hint].compactMap(\.self).joined(separator: " ")
        session.error(
            problem?.code ?? .wrongType, node.location, message, help: help, isSecret: subject.isSecret
        )
        return nil
    }
}
