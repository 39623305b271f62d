namespace Strake.State;

/// <summary>
/// What <see cref="IStateStore.CommitAsync"/> applies whole or not at all: expectations about keys, and puts and deletes of keys that
/// are made only if every expectation holds. A builder: not thread-safe, and not to be changed once it is committed.
/// </summary>
/// <example>
/// Rename, unless someone was faster:
/// <code>
/// var rename = new StateTransaction()
///     .Expect("volume/old", entry.ModRevision).ExpectAbsent("volume/new")
///     .Delete("volume/old").Put("volume/new", entry.Value);
/// var result = await store.CommitAsync(rename, cancellationToken);
/// </code>
/// </example>
/// <param name="durability">What the commit has survived when it returns.</param>
public sealed class StateTransaction(Durability durability = Durability.Synced)
{
    readonly List<Expectation> _expectations = [];
    readonly List<Operation> _operations = [];
    readonly HashSet<string> _written = new(StringComparer.Ordinal);
    int _bytes;

    /// <summary>What the commit has survived when it returns.</summary>
    public Durability Durability { get; } = durability;

    internal List<Expectation> Expectations => _expectations;

    internal List<Operation> Operations => _operations;

    /// <summary>Bytes of the keys and values to be written.</summary>
    internal int Bytes => _bytes;

    /// <summary>Expects that the key does not exist.</summary>
    /// <exception cref="StrakeException"><see cref="ErrorKind.Invalid"/> or <see cref="ErrorKind.TooLarge"/>: see
    /// <see cref="StateLimits"/>.</exception>
    public StateTransaction ExpectAbsent(string key) => Expect(key, modRevision: 0);

    /// <summary>Expects that the key was last written at the given revision; 0: that it does not exist.</summary>
    /// <exception cref="StrakeException"><see cref="ErrorKind.Invalid"/> or <see cref="ErrorKind.TooLarge"/>: see
    /// <see cref="StateLimits"/>; a revision below 0.</exception>
    public StateTransaction Expect(string key, long modRevision)
    {
        StateLimits.CheckKey(key);
        if (modRevision < 0) throw StrakeException.Invalid($"state: expectation on {key}: revision {modRevision} is below 0");
        CheckCount(_expectations.Count, "expectations");
        _expectations.Add(new(key, modRevision));
        return this;
    }

    /// <summary>Sets the key to a copy of the value, creating it if need be. A key can be written once in a transaction.</summary>
    /// <exception cref="StrakeException"><see cref="ErrorKind.Invalid"/>: the key is malformed or already written by this transaction;
    /// <see cref="ErrorKind.TooLarge"/>: see <see cref="StateLimits"/>.</exception>
    public StateTransaction Put(string key, ReadOnlyMemory<byte> value)
    {
        if (value.Length > StateLimits.ValueBytes)
            throw StrakeException.TooLarge($"state: value of {key} has {value.Length} bytes; the limit is {StateLimits.ValueBytes}");
        return PutOwned(key, value.ToArray());
    }

    /// <summary>Deletes the key; one that does not exist stays so, which is no failure.</summary>
    /// <exception cref="StrakeException"><see cref="ErrorKind.Invalid"/>: the key is malformed or already written by this transaction;
    /// <see cref="ErrorKind.TooLarge"/>: see <see cref="StateLimits"/>.</exception>
    public StateTransaction Delete(string key)
    {
        Add(key, value: null);
        return this;
    }

    /// <summary>As <see cref="Put"/>, without the copy: the array becomes the store's.</summary>
    internal StateTransaction PutOwned(string key, byte[] value)
    {
        if (value.Length > StateLimits.ValueBytes)
            throw StrakeException.TooLarge($"state: value of {key} has {value.Length} bytes; the limit is {StateLimits.ValueBytes}");
        Add(key, value);
        return this;
    }

    void Add(string key, byte[]? value)
    {
        var bytes = StateLimits.CheckKey(key) + (value?.Length ?? 0);
        CheckCount(_operations.Count, "puts and deletes");
        if (_bytes + bytes > StateLimits.TransactionBytes)
            throw StrakeException.TooLarge($"state: a transaction of more than {StateLimits.TransactionBytes} bytes, at key {key}");
        if (!_written.Add(key)) throw StrakeException.Invalid($"state: key {key} is written twice by one transaction");
        _bytes += bytes;
        _operations.Add(new(key, value));
    }

    static void CheckCount(int count, string what)
    {
        if (count >= StateLimits.TransactionOperations)
            throw StrakeException.TooLarge($"state: a transaction of more than {StateLimits.TransactionOperations} {what}");
    }

    // Classes, not structs: lists of them are code that is there already, where the daemon is compiled ahead of time.
    /// <summary>The key is to be at the revision; 0: absent.</summary>
    internal sealed record Expectation(string Key, long ModRevision);

    /// <summary>The key is to be set; null: deleted.</summary>
    internal sealed record Operation(string Key, byte[]? Value);
}
