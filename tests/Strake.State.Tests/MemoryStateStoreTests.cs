using Strake.Conformance.State;

namespace Strake.State.Tests;

public sealed class MemoryStateStoreTests : StateStoreSuite
{
    protected override bool KeepsRecords => false;

    protected override IStateStore Open(int historyRevisions, long capacityBytes) => new MemoryStateStore(historyRevisions, capacityBytes);
}
