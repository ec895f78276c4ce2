import RPC

/// Shows how the nodes of a testnet are: a table that is redrawn on a terminal, plain lines in a pipe.
struct StatusBoard {
    /// One node at one moment.
    struct Row: Sendable, Hashable {
        let name: String
        let address: String
        let info: ConsensusInfo?
        /// What to say where there is no answer.
        let note: String
    }

    let console: Console
    private var drawn = 0

    init(console: Console) {
        self.console = console
    }

    mutating func show(_ rows: [Row]) {
        let width = rows.map(\.name.count).max() ?? 0
        let addressWidth = rows.map(\.address.count).max() ?? 0
        var text = console.isTerminal && drawn > 0 ? "\u{1B}[\(drawn)A" : ""
        for row in rows {
            let name = row.name.padded(to: width)
            let line = "\(name)  \(row.address.padded(to: addressWidth))  \(state(of: row))"
            text += console.isTerminal ? "\u{1B}[2K\(line)\n" : "\(line)\n"
        }
        console.write(text)
        drawn = rows.count
    }

    /// A line that stays above the table.
    mutating func say(_ text: String) {
        console.print(text)
        drawn = 0
    }

    private func state(of row: Row) -> String {
        guard let info = row.info else { return console.red(row.note) }
        return "height \("\(info.height)".padded(to: 6))  peers \("\(info.connectedPeers)".padded(to: 3))  "
            + "active \(info.activeMasternodes)"
    }
}

extension String {
    /// Filled up with spaces on the right.
    func padded(to width: Int) -> String {
        count >= width ? self : self + String(repeating: " ", count: width - count)
    }
}
