import Testing

@Suite struct DecisionRecordTests {
    @Test("the decision records hold the event lists that the runs must equal", arguments: EventList.all)
    func recordsHoldTheLists(list: EventList) throws {
        let record = try Repository.text("docs/decisions/\(list.record)")
        #expect(record.contains("```text\n\(list.text)\n```"), "\(list.record) lacks the list as the test has it")
    }
}
