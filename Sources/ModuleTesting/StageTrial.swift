import Kernel
import Wire

/// What the kits of liveness, discovery, consensus and workload have in common: a run on the stage, between scripted
/// links, and one in five whole nodes.
struct StageTrial {
    let descriptor: ModuleDescriptor
    let exempt: [ConformanceRule]
    let act: StageAct
    /// The module, behind a probe, as a role of two nodes that have no other.
    let policies: (Watch) throws -> PolicySet
    /// The module, behind a probe, as registries know it.
    let factory: (Watch) -> ModuleFactory

    func perform() throws -> ConformanceReport {
        let messages = MessageTrial(descriptor.messages)
        return try Trial(descriptor: descriptor, exempt: exempt) { watch in
            for problem in messages.problems { watch.report(.messages, problem) }
            let stage = try Stage(watch: watch, act: act, messages: descriptor.messages) { try policies(watch) }
            var script = Script(stage: stage)
            try script.perform()
            // Five nodes that keep each other busy without end would take for ever; and there nobody hands over.
            guard !stage.isOver, !watch.handsOver else { return [stage.digest] }
            let module = TrialSetup.wrapped(descriptor, factory(watch))
            return [stage.digest, try WholeRun(descriptor: module, watch: watch, act: act).perform()]
        }.perform()
    }
}

/// How the stage treats a module of one role.
struct StageAct {
    /// The one the module may speak over.
    let channel: Channel
    /// The module's place among a node's, as snapshots name it.
    let place: String
    /// A module that needs links has nothing to do without them.
    var needsLinks = false
    /// Blocks have to be made.
    var makesBlocks = false
    /// So many blocks above one make it final; nil where no depth does.
    var finality: Int?
    /// A state that is large is looked at so many times less often.
    var thinning: UInt64 = 1
}
