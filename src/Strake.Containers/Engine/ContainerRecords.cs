namespace Strake.Containers.Engine;

/// <summary>The records of containers. One engine writes them, so that they are written without looking.</summary>
sealed class ContainerRecords(IStateStore store)
{
    readonly StateTable<ContainerRecord> table = new(store, "container/", RecordJson.Default.ContainerRecord);

    /// <summary>All records; one that cannot be read is told of, and does not hide the others.</summary>
    public async Task<IReadOnlyList<ContainerRecord>> ListAsync(Action<string, StrakeException> unreadable, CancellationToken cancellationToken) =>
        [.. (await table.ListAsync(unreadable, cancellationToken)).Select(static versioned => versioned.Value)];

    /// <summary>Writes a record, whether there is one or not.</summary>
    public async Task WriteAsync(string id, ContainerRecord record, Durability durability)
    {
        var transaction = new StateTransaction(durability);
        table.Put(transaction, id, record);
        await store.CommitAsync(transaction, CancellationToken.None);
    }

    /// <summary>Deletes a record, whether there is one or not.</summary>
    public async Task DeleteAsync(string id, Durability durability)
    {
        var transaction = new StateTransaction(durability);
        table.Delete(transaction, id);
        await store.CommitAsync(transaction, CancellationToken.None);
    }
}
