import Kernel

/// A node's status in the text format that Prometheus reads (version 0.0.4).
///
/// The number of series is bounded by the words there are: nothing is labelled with a peer.
struct MetricsText {
    private var lines: [String] = []

    static func of(_ status: NodeStatus) -> String {
        var text = MetricsText()
        text.state(status)
        text.counters(status.counters)
        if let reasons = status.reasons { text.reasons(reasons) }
        return text.lines.joined(separator: "\n") + "\n"
    }

    private mutating func state(_ status: NodeStatus) {
        family("timenode_build_info", "gauge", "The program's version, as a label of a constant.")
        sample("timenode_build_info", [("version", status.version), ("network", status.network)], "1")
        gauge("timenode_uptime_seconds", "Seconds since the node started.", "\(status.uptimeSeconds)")
        gauge("timenode_chain_height", "Height of the highest block held.", "\(status.height)")
        gauge(
            "timenode_active_masternodes", "Linked masternodes, and the node itself where it is one.",
            "\(status.activeMasternodes)"
        )
        gauge(
            "timenode_minimum_masternodes", "Fewer active masternodes than these make no block.",
            "\(status.minimumMasternodes)"
        )
        readiness(status)
        family("timenode_peers", "gauge", "Known peers by the state of their best link.")
        for state in PeerStatus.State.allCases {
            let count = status.peers.count { $0.state == state }
            sample("timenode_peers", [("state", state.rawValue)], "\(count)")
        }
        if let dialability = status.dialability {
            gauge(
                "timenode_dialable", "1 where peers that were asked could dial this node, 0 where they could not.",
                dialability.isReached ? "1" : "0"
            )
        }
        if let loop = status.loop {
            counter("timenode_loop_stalls_total", "Times in which the event loop did not run.", loop.stallsSeen)
        }
        if let log = status.log {
            family("timenode_log_lines_lost_total", "counter", "Log lines that nobody read, by cause.")
            sample("timenode_log_lines_lost_total", [("cause", "left-out")], "\(log.leftOut)")
            sample("timenode_log_lines_lost_total", [("cause", "dropped")], "\(log.dropped)")
        }
    }

    private mutating func readiness(_ status: NodeStatus) {
        guard let readiness = status.readiness else { return }
        gauge("timenode_ready", "1 where the node can do its work, 0 where it cannot.", readiness.isReady ? "1" : "0")
        family("timenode_not_ready", "gauge", "1 for each reason why the node is not ready.")
        for code in Readiness.Code.allCases {
            let holds = readiness.reasons.contains { $0.code == code }
            sample("timenode_not_ready", [("reason", code.rawValue)], holds ? "1" : "0")
        }
        if let age = readiness.lastBlockAgeSeconds {
            gauge("timenode_last_block_age_seconds", "Age of the newest block by its slot.", "\(age)")
        }
        if let limit = readiness.lastBlockLimitSeconds {
            gauge("timenode_last_block_limit_seconds", "An older newest block makes the node not ready.", "\(limit)")
        }
        family("timenode_problems_total", "counter", "Sightings of what does not mend itself, by code.")
        for code in StatusProblem.Code.allCases {
            let count = status.problems?.first { $0.code == code }?.count ?? 0
            sample("timenode_problems_total", [("code", code.rawValue)], "\(count)")
        }
    }

    private mutating func counters(_ counters: StatusCounters) {
        for (name, help, count) in [
            ("dials_started", "Dials begun.", counters.dialsStarted),
            ("dials_failed", "Dials that got no connection.", counters.dialsFailed),
            ("dials_left_to_peer", "Dials that were the other end's to make.", counters.dialsLeftToPeer),
            ("handshakes_begun", "Handshakes begun as the dialler.", counters.handshakesBegun),
            ("links_up", "Links that came up.", counters.linksUp),
            ("takeovers", "Links that replaced one that was still registered.", counters.takeovers),
            ("requests_sent", "Requests of the declared load.", counters.requestsSent),
            ("requests_answered", "Answers to them.", counters.requestsAnswered),
            ("blocks_produced", "Own blocks that are durable and were sent.", counters.blocksProduced),
            ("store_halts", "Times that the store began to refuse the chain.", counters.storeHalts),
            ("blocks_accepted", "Blocks that joined the best chain.", counters.blocksAccepted),
            ("reorganisations", "Changes to another branch.", counters.reorganisations),
            (
                "fields_ignored", "Messages taken without fields that this version does not know.",
                counters.fieldsIgnored
            ),
        ] {
            counter("timenode_\(name)_total", help, count)
        }
    }

    private mutating func reasons(_ reasons: ReasonCounts) {
        family(
            "timenode_link_ends_total", "counter", "Links, attempts and refusals that ended, by reason and who decided."
        )
        for end in reasons.ends {
            sample(
                "timenode_link_ends_total",
                [("outcome", end.outcome.rawValue), ("reason", end.reason.rawValue), ("ended_by", end.ender.rawValue)],
                "\(end.count)"
            )
        }
        family("timenode_messages_dropped_total", "counter", "Messages that did not reach their receiver.")
        for message in reasons.messages {
            sample(
                "timenode_messages_dropped_total", [("channel", message.channel), ("reason", message.cause.rawValue)],
                "\(message.count)"
            )
        }
        family("timenode_objections_total", "counter", "Blocks, addresses and slots that came to nothing, by reason.")
        for objection in reasons.objections {
            sample(
                "timenode_objections_total", [("to", objection.kind.rawValue), ("reason", objection.cause)],
                "\(objection.count)"
            )
        }
    }

    // MARK: Lines

    private mutating func gauge(_ name: String, _ help: String, _ value: String) {
        family(name, "gauge", help)
        sample(name, [], value)
    }

    private mutating func counter(_ name: String, _ help: String, _ value: UInt64) {
        family(name, "counter", help)
        sample(name, [], "\(value)")
    }

    private mutating func family(_ name: String, _ type: String, _ help: String) {
        lines.append("# HELP \(name) \(help)")
        lines.append("# TYPE \(name) \(type)")
    }

    private mutating func sample(_ name: String, _ labels: [(String, String)], _ value: String) {
        let list = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
        lines.append(list.isEmpty ? "\(name) \(value)" : "\(name){\(list)} \(value)")
    }

    /// Scalar by scalar: a quote with a combining mark behind it is one character, and so is CR LF.
    private static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result.append(contentsOf: #"\\"#.unicodeScalars)
            case "\"": result.append(contentsOf: #"\""#.unicodeScalars)
            case "\n": result.append(contentsOf: #"\n"#.unicodeScalars)
            // The format has no word for it, and some readers end a line there.
            case "\r": result.append(" ")
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
