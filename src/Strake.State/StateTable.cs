using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Strake.State;

/// <summary>
/// Records of one type under one prefix of a store, as JSON: <c>prefix + id → record</c>. Holds nothing itself; two tables on one prefix
/// are the same table.
/// </summary>
/// <example>
/// <code>
/// var volumes = new StateTable&lt;VolumeRecord&gt;(store, "volume/", RecordJson.Default.VolumeRecord);
/// var made = await volumes.CreateAsync("data", record, cancellationToken: cancellationToken);
/// await volumes.ReplaceAsync("data", made.Value with { State = Ready }, made.Revision, cancellationToken: cancellationToken);
/// </code>
/// </example>
/// <param name="store">The store; stays the caller's to dispose.</param>
/// <param name="prefix">What the keys start with, the separator included: <c>volume/</c>.</param>
/// <param name="type">The source-generated contract of the record.</param>
/// <typeparam name="T">The record's type; immutable.</typeparam>
public sealed class StateTable<T>(IStateStore store, string prefix, JsonTypeInfo<T> type)
    where T : class
{
    // Enough for any honest contention; more would hide two loops that fight.
    const int UpdateAttempts = 64;

    /// <summary>What the keys start with.</summary>
    public string Prefix => prefix;

    /// <summary>The key of a record in the store.</summary>
    public string Key(string id) => prefix + id;

    /// <summary>Reads one record.</summary>
    /// <returns>The record, or null when there is none.</returns>
    /// <exception cref="StrakeException"><see cref="ErrorKind.DataLoss"/>: the record cannot be read.</exception>
    public async ValueTask<Versioned<T>?> GetAsync(string id, CancellationToken cancellationToken = default) =>
        await store.GetAsync(Key(id), cancellationToken) is { } entry ? Read(entry) : null;

    /// <summary>Reads all records in the order of their ids, as of one revision.</summary>
    /// <param name="unreadable">
    /// Called for each record that cannot be read, with its id and the reason, so that one bad record does not hide the others. Null:
    /// the first one throws.
    /// </param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="StrakeException"><see cref="ErrorKind.DataLoss"/>: a record cannot be read.</exception>
    public async ValueTask<IReadOnlyList<Versioned<T>>> ListAsync(
        Action<string, StrakeException>? unreadable = null, CancellationToken cancellationToken = default)
    {
        var entries = await store.RangeAsync(prefix, cancellationToken);
        var records = new List<Versioned<T>>(entries.Count);
        foreach (var entry in entries)
        {
            try
            {
                records.Add(Read(entry));
            }
            catch (StrakeException e) when (unreadable is not null)
            {
                unreadable(entry.Key[prefix.Length..], e);
            }
        }

        return records;
    }

    /// <summary>Adds the expectation that there is no such record to a transaction.</summary>
    public void ExpectAbsent(StateTransaction transaction, string id) => transaction.ExpectAbsent(Key(id));

    /// <summary>Adds the expectation that the record was last written at the revision to a transaction.</summary>
    public void Expect(StateTransaction transaction, string id, long revision) => transaction.Expect(Key(id), revision);

    /// <summary>Adds the writing of a record to a transaction.</summary>
    /// <exception cref="StrakeException"><see cref="ErrorKind.Invalid"/>, <see cref="ErrorKind.TooLarge"/>: see
    /// <see cref="StateTransaction.Put"/>.</exception>
    public void Put(StateTransaction transaction, string id, T value) =>
        transaction.PutOwned(Key(id), JsonSerializer.SerializeToUtf8Bytes(value, type));

    /// <summary>Adds the removal of a record to a transaction.</summary>
    public void Delete(StateTransaction transaction, string id) => transaction.Delete(Key(id));

    /// <summary>Writes a record that must not exist yet.</summary>
    /// <returns>The record with its revision; null when there is one of that id.</returns>
    public ValueTask<Versioned<T>?> TryCreateAsync(
        string id, T value, Durability durability = Durability.Synced, CancellationToken cancellationToken = default) =>
        TryReplaceAsync(id, value, revision: 0, durability, cancellationToken);

    /// <summary>Writes a record that must not exist yet.</summary>
    /// <exception cref="StrakeException"><see cref="ErrorKind.AlreadyExists"/>: there is one of that id.</exception>
    public async ValueTask<Versioned<T>> CreateAsync(
        string id, T value, Durability durability = Durability.Synced, CancellationToken cancellationToken = default) =>
        await TryCreateAsync(id, value, durability, cancellationToken)
            ?? throw StrakeException.AlreadyExists($"{Key(id)} exists already");

    /// <summary>Overwrites the record that was last written at the revision.</summary>
    /// <returns>The record with its new revision; null when it was written since, or is gone.</returns>
    public async ValueTask<Versioned<T>?> TryReplaceAsync(
        string id, T value, long revision, Durability durability = Durability.Synced, CancellationToken cancellationToken = default)
    {
        var transaction = new StateTransaction(durability).Expect(Key(id), revision);
        Put(transaction, id, value);
        var result = await store.CommitAsync(transaction, cancellationToken);
        return result.Succeeded ? new Versioned<T>(id, value, result.Revision) : null;
    }

    /// <summary>Overwrites the record that was last written at the revision.</summary>
    /// <exception cref="StrakeException"><see cref="ErrorKind.Conflict"/>: it was written since, or is gone.</exception>
    public async ValueTask<Versioned<T>> ReplaceAsync(
        string id, T value, long revision, Durability durability = Durability.Synced, CancellationToken cancellationToken = default) =>
        await TryReplaceAsync(id, value, revision, durability, cancellationToken)
            ?? throw StrakeException.Conflict($"{Key(id)} has changed since revision {revision}; read it again and repeat the change");

    /// <summary>Reads the record, changes it and writes it, again if someone else wrote meanwhile.</summary>
    /// <param name="id">The record.</param>
    /// <param name="change">From the record as it stands to what it shall be; pure, for it may be called again.</param>
    /// <param name="durability">What the write has survived when it returns.</param>
    /// <param name="cancellationToken">Cancels between attempts.</param>
    /// <exception cref="StrakeException"><see cref="ErrorKind.NotFound"/>: no such record. <see cref="ErrorKind.Conflict"/>: it was
    /// written by others each of the many times.</exception>
    public async ValueTask<Versioned<T>> UpdateAsync(
        string id, Func<T, T> change, Durability durability = Durability.Synced, CancellationToken cancellationToken = default)
    {
        for (var attempt = 0; attempt < UpdateAttempts; attempt++)
        {
            var current = await GetAsync(id, cancellationToken) ?? throw StrakeException.NotFound($"{Key(id)} does not exist");
            var written = await TryReplaceAsync(id, change(current.Value), current.Revision, durability, cancellationToken);
            if (written is not null) return written;
        }

        throw Contended(id);
    }

    /// <summary>Removes the record, whatever its revision.</summary>
    /// <returns>False when there was none: idempotent, and of several callers at once exactly one gets true.</returns>
    /// <exception cref="StrakeException"><see cref="ErrorKind.Conflict"/>: it was written by others at each of many attempts.</exception>
    public async ValueTask<bool> DeleteAsync(
        string id, Durability durability = Durability.Synced, CancellationToken cancellationToken = default)
    {
        for (var attempt = 0; attempt < UpdateAttempts; attempt++)
        {
            if (await store.GetAsync(Key(id), cancellationToken) is not { } entry) return false;
            var delete = new StateTransaction(durability).Expect(entry.Key, entry.ModRevision).Delete(entry.Key);
            if ((await store.CommitAsync(delete, cancellationToken)).Succeeded) return true;
        }

        throw Contended(id);
    }

    /// <summary>Reads the record in an entry of this table, as a range or a watch gives it.</summary>
    /// <exception cref="StrakeException"><see cref="ErrorKind.DataLoss"/>: the record cannot be read.</exception>
    public Versioned<T> Read(StateEntry entry)
    {
        try
        {
            var value = JsonSerializer.Deserialize(entry.Value.Span, type);
            if (value is not null) return new Versioned<T>(entry.Key[prefix.Length..], value, entry.ModRevision);
        }
        catch (JsonException e)
        {
            throw Unreadable(entry, e.Message, e);
        }

        throw Unreadable(entry, "it is null", null);
    }

    StrakeException Contended(string id) =>
        StrakeException.Conflict($"{Key(id)} was changed by others at each of {UpdateAttempts} attempts");

    static StrakeException Unreadable(StateEntry entry, string why, JsonException? inner) =>
        StrakeException.DataLoss($"record {entry.Key} at revision {entry.ModRevision} cannot be read as {typeof(T).Name}: {why}", inner);
}
