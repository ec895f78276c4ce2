import Kernel
import Profile

// What a scenario file says of single hosts and pairs.
extension Scenario {
    /// When hosts start that say so; nil where none does.
    static func starts(of network: Options) -> [Duration?]? {
        let starts = network.records("hosts").map { $0.optionalDuration("start_at") }
        return starts.contains { $0 != nil } ? starts : nil
    }

    /// The pairs of which the file knows more than the ranges for all.
    static func paths(
        _ network: Options, hosts: [NetworkModel.Host]
    ) -> (paths: [NetworkModel.Path], problems: [String]) {
        var paths: [NetworkModel.Path] = []
        var problems: [String] = []
        var known: [(Int, Int)] = []
        for (index, path) in network.records("paths").enumerated() {
            do throws(PathProblem) {
                let first = try host(path.string("from"), hosts)
                let second = try host(path.string("to"), hosts)
                if first == second { throw PathProblem(text: "'from' and 'to' are the same host: name two") }
                let pair = (min(first, second), max(first, second))
                if known.contains(where: { $0 == pair }) {
                    throw PathProblem(
                        text: "there is one between \(hosts[first].name) and \(hosts[second].name) already, "
                            + "which holds both ways: keep one of the two"
                    )
                }
                known.append(pair)
                paths.append(
                    NetworkModel.Path(
                        first: first, second: second, latency: path.duration("latency"),
                        jitter: path.optionalDuration("jitter"),
                        lossPerMillion: path.optionalInteger("loss_per_million")
                    )
                )
            } catch {
                problems.append("network.paths[\(index)]: \(error.text)")
            }
        }
        return (paths, problems)
    }

    private struct PathProblem: Error {
        let text: String
    }

    private static func host(_ word: String, _ hosts: [NetworkModel.Host]) throws(PathProblem) -> Int {
        if let index = hosts.firstIndex(where: { $0.name == word }) { return index }
        if let index = Int(word), hosts.indices.contains(index) { return index }
        throw PathProblem(text: "no host '\(word)' (\(namesInWords(hosts)))")
    }
}
