using Strake.Conformance.State;
using Strake.State.Sqlite;

namespace Strake.State.Tests.Sqlite;

public sealed class SqliteStateStoreTests : StateStoreSuite
{
    readonly TestFolder _folder = new();

    protected override bool KeepsRecords => true;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    protected override IStateStore Open(int historyRevisions, long capacityBytes) => SqliteStateStore.Open(
        new SqliteStateOptions(_folder["strake.db"]) { HistoryRevisions = historyRevisions, CapacityBytes = capacityBytes });
}
