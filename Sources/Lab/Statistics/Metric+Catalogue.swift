extension Metric {
    /// Every metric, in the order in which tables and files show them.
    public static let all: [Metric] =
        linkMetrics + usefulnessMetrics + livenessMetrics + blockMetrics + costMetrics

    private static let linkMetrics: [Metric] = [
        linkLifetime, reconnects, reconnectsPerPairMedian, reconnectsPerPairMaximum, dials, dialsMaximum,
        dialsDeviation, handshakeSuccess, duplicateCloses,
    ]

    private static let usefulnessMetrics: [Metric] = [
        connectedPeers, connectedPeersMinimum, mesh, pairAvailability, usefulReplies,
    ]

    private static let livenessMetrics: [Metric] = [
        detection, detectionNever, falseDisconnects, zombieLink, recovery, restarts,
    ]

    private static let blockMetrics: [Metric] = [blocksProduced, missedSlots, blockSuccess, forks, finality]

    private static let costMetrics: [Metric] = [
        messages, bytes, wakeups, logLines, heldConnections, loopWait, cpu, residentBytes,
    ]
}

// MARK: - Links

extension Metric {
    /// Age of links at their end; links still up at the end of the run are censored at their age.
    public static let linkLifetime = Metric(
        "link_lifetime_seconds", "Link lifetime", .seconds, .higher, shape: .timeToEvent, absolute: 5, relative: 0.1,
        "age of links at their end, counted once per pair at the dialler; censored where still up"
    )

    /// Links that came up after an earlier link of the same pair had ended.
    public static let reconnects = Metric(
        "reconnects_per_hour_per_node", "Reconnects per node", .perHour, .lower, absolute: 1, relative: 0.1,
        "links that came up after an earlier link of the pair had ended, per hour and node"
    )

    /// The median pair's reconnects.
    public static let reconnectsPerPairMedian = Metric(
        "reconnects_per_hour_per_pair_median", "Reconnects, median pair", .perHour, .lower, absolute: 1, relative: 0.1,
        "links that came up after an earlier link of the pair had ended, per hour: the median pair"
    )

    /// The worst pair's reconnects.
    public static let reconnectsPerPairMaximum = Metric(
        "reconnects_per_hour_per_pair_max", "Reconnects, worst pair", .perHour, .lower, absolute: 1, relative: 0.1,
        "links that came up after an earlier link of the pair had ended, per hour: the worst pair"
    )

    /// Dial attempts.
    public static let dials = Metric(
        "dials_per_hour_per_node", "Dials per node", .perHour, .lower, absolute: 2, relative: 0.1,
        "dial attempts per hour and node, whatever came of them"
    )

    /// Dial attempts of the node that dialled most.
    public static let dialsMaximum = Metric(
        "dials_per_node_max", "Dials, most by one node", .count, .lower, absolute: 2, relative: 0.1,
        "dial attempts in the whole run of the node that made most"
    )

    /// How unevenly dialling falls on the nodes.
    public static let dialsDeviation = Metric(
        "dials_per_node_deviation", "Dials, spread over nodes", .count, .lower, absolute: 1, relative: 0.1,
        "standard deviation, over the nodes, of their dial attempts in the whole run"
    )

    /// Completed handshakes over begun ones.
    public static let handshakeSuccess = Metric(
        "handshake_success_ratio", "Handshakes completed", .ratio, .higher, absolute: 0.01, relative: 0,
        "handshakes completed over handshakes begun; begun once the dialler has sent its Hello"
    )

    /// Links closed because the pair already had another.
    public static let duplicateCloses = Metric(
        "duplicate_closes_per_hour_per_node", "Duplicate closes per node", .perHour, .lower, absolute: 1, relative: 0.1,
        "links closed, once their Hello was out, because the pair had another one; per hour and node"
    )
}

// MARK: - Usefulness

extension Metric {
    /// Time-weighted mean number of connected peers.
    public static let connectedPeers = Metric(
        "connected_peers", "Connected peers, mean", .count, .higher, absolute: 0.1, relative: 0,
        "peers with a link up, time-weighted mean over the nodes after warm-up"
    )

    /// The fewest peers that any node had at any time after warm-up.
    public static let connectedPeersMinimum = Metric(
        "connected_peers_minimum", "Connected peers, minimum", .count, .higher, absolute: 0.5, relative: 0,
        "the fewest peers that any node had at any time after warm-up"
    )

    /// From the start, or a heal, until every wanted pair has a link up.
    public static let mesh = Metric(
        "mesh_seconds", "Time to full mesh", .seconds, .lower, shape: .timeToEvent, absolute: 1, relative: 0.1,
        "from the last node's first start until every wanted pair has had a link up; censored where it never did"
    )

    /// Share of time in which a wanted pair can deliver a message both ways.
    public static let pairAvailability = Metric(
        "pair_availability_ratio", "Pair availability", .ratio, .higher, absolute: 0.001, relative: 0,
        "share of time in which a wanted pair can deliver a message both ways"
    )

    /// Answered requests over sent ones.
    public static let usefulReplies = Metric(
        "useful_reply_ratio", "Requests answered", .ratio, .higher, absolute: 0.01, relative: 0,
        "requests answered over requests sent, on the declared traffic"
    )
}

// MARK: - Liveness

extension Metric {
    /// From a peer's silence until a healthy node drops its link.
    public static let detection = Metric(
        "detection_seconds", "Time to drop a silent peer", .seconds, .lower, shape: .timeToEvent, absolute: 1,
        relative: 0.1,
        "a peer falls silent until each healthy node drops its link to it; censored where it never did"
    )

    /// Share of silences that nobody acted on.
    public static let detectionNever = Metric(
        "detection_never_ratio", "Silent peers never dropped", .ratio, .lower, absolute: 0.01, relative: 0,
        "share of links to a silent peer that were still up at the end of the run"
    )

    /// Links cut although both ends were healthy.
    public static let falseDisconnects = Metric(
        "false_disconnects_per_hour_per_node", "False disconnects per node", .perHour, .lower, absolute: 0.1,
        relative: 0.1,
        "links cut by liveness while both ends were healthy by the scenario's ground truth"
    )

    /// Total time in which links counted as up while nothing could be delivered on them.
    public static let zombieLink = Metric(
        "zombie_link_seconds", "Zombie link time", .seconds, .lower, absolute: 5, relative: 0.1,
        "time a link counts as up while nothing can be delivered on it, summed over the links of the run"
    )

    /// From a healed fault until all wanted pairs are useful again.
    public static let recovery = Metric(
        "recovery_seconds", "Time to recover", .seconds, .lower, shape: .timeToEvent, absolute: 1, relative: 0.1,
        "fault healed until all wanted pairs are useful again; censored where they never were"
    )

    /// Processes that a supervisor ended.
    public static let restarts = Metric(
        "restarts_per_hour_per_node", "Restarts by supervisor, per node", .perHour, .lower, absolute: 0.5,
        relative: 0.1, "processes that the scenario's supervisor ended, per hour and node; only where there is one"
    )
}

// MARK: - Blocks

extension Metric {
    /// Blocks of the run.
    public static let blocksProduced = Metric(
        "blocks_produced", "Blocks produced", .count, .higher, absolute: 1, relative: 0.01,
        "the height that at least two thirds of the nodes have reached at the end of the run"
    )

    /// Slots that gave no block, over slots of the schedule.
    public static let missedSlots = Metric(
        "missed_slot_ratio", "Slots missed", .ratio, .lower, absolute: 0.01, relative: 0,
        "slots that gave none of the blocks produced, over all slots that began in the run"
    )

    /// Slots that gave a block, over slots of the schedule.
    public static let blockSuccess = Metric(
        "block_success_ratio", "Block success", .ratio, .higher, absolute: 0.01, relative: 0,
        "blocks produced over all slots that began in the run"
    )

    /// Heights at which blocks compete.
    public static let forks = Metric(
        "forks", "Forks", .count, .lower, absolute: 0.5, relative: 0,
        "heights for which more than one block was made"
    )

    /// From a proposal until the block is final at two thirds of the nodes.
    public static let finality = Metric(
        "finality_seconds", "Time to finality", .seconds, .lower, shape: .timeToEvent, absolute: 0.1, relative: 0.05,
        "proposed until final at two thirds of the nodes; censored where it never was"
    )
}

// MARK: - Cost

extension Metric {
    /// Messages sent.
    public static let messages = Metric(
        "messages_per_hour_per_node", "Messages per node", .perHour, .lower, absolute: 60, relative: 0.05,
        "messages sent per hour and node"
    )

    /// Bytes sent.
    public static let bytes = Metric(
        "bytes_per_hour_per_node", "Bytes per node", .perHour, .lower, absolute: 10_000, relative: 0.05,
        "bytes of frames sent per hour and node"
    )

    /// Turns of the node's loop.
    public static let wakeups = Metric(
        "wakeups_per_hour_per_node", "Wake-ups per node", .perHour, .lower, absolute: 60, relative: 0.05,
        "turns of the node's loop per hour and node, whatever woke it"
    )

    /// Lines in the log.
    public static let logLines = Metric(
        "log_lines_per_hour_per_node", "Log lines per node", .perHour, .lower, absolute: 10, relative: 0.1,
        "lines logged at the level of a normal run, per hour and node"
    )

    /// The most connections that any node had at one time.
    public static let heldConnections = Metric(
        "held_connections_max", "Connections held, most", .count, .lower, absolute: 5, relative: 0.1,
        "the most connections that any node had at one time, dials and handshakes under way included"
    )

    /// The longest time that something waited for a node's loop.
    public static let loopWait = Metric(
        "loop_wait_seconds_max", "Wait for the loop, longest", .seconds, .lower, absolute: 0.1, relative: 0.1,
        "the longest time that an input waited for its node's one loop; only where inputs cost time"
    )

    /// Processor time; only a live driver has it.
    public static let cpu = Metric(
        "cpu_percent", "Processor time", .percent, .lower, absolute: 0.1, relative: 0.1,
        "processor time of a node over wall time, mean over the nodes (live drivers only)"
    )

    /// Resident memory; only a live driver has it.
    public static let residentBytes = Metric(
        "resident_bytes", "Resident memory", .bytes, .lower, absolute: 1_000_000, relative: 0.05,
        "resident memory of a node at the end of the run, mean over the nodes (live drivers only)"
    )
}
