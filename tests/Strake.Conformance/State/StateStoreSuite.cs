using System.Text;
using Strake.State;

namespace Strake.Conformance.State;

/// <summary>The laws of <see cref="IStateStore"/>, for every store; the parts of this class are its chapters.</summary>
public abstract partial class StateStoreSuite : IAsyncLifetime
{
    /// <summary>What a test that would wait for ever waits at most.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    IStateStore? _store;

    /// <summary>Whether what was committed is there when the store is opened again.</summary>
    protected abstract bool KeepsRecords { get; }

    /// <summary>The store of the test; a second call, after the first store was disposed, opens the same again.</summary>
    /// <param name="historyRevisions">Revisions of history to keep.</param>
    /// <param name="capacityBytes">Bytes of entries to accept.</param>
    protected abstract IStateStore Open(int historyRevisions, long capacityBytes);

    protected IStateStore Store => _store ?? throw new InvalidOperationException("the store is not open");

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await ReopenAsync();

    public virtual async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Replaces the test's store by one with other bounds.</summary>
    protected async Task<IStateStore> ReopenAsync(int historyRevisions = 10_000, long capacityBytes = 256 << 20)
    {
        if (_store is not null) await _store.DisposeAsync();
        return _store = Open(historyRevisions, capacityBytes);
    }

    protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    protected static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    protected async Task<long> PutAsync(string key, string value)
    {
        var result = await Store.CommitAsync(new StateTransaction(Durability.Eventual).Put(key, Bytes(value)), Cancellation);
        Assert.True(result.Succeeded);
        return result.Revision;
    }

    protected async Task<long> DeleteAsync(string key)
    {
        var result = await Store.CommitAsync(new StateTransaction(Durability.Eventual).Delete(key), Cancellation);
        Assert.True(result.Succeeded);
        return result.Revision;
    }

    protected async Task<List<StateEvent>> TakeAsync(IAsyncEnumerable<StateEvent> events, int count)
    {
        var taken = new List<StateEvent>();
        if (count == 0) return taken;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Patience);
        await foreach (var change in events.WithCancellation(patience.Token))
        {
            taken.Add(change);
            if (taken.Count == count) break;
        }

        return taken;
    }

    protected static async Task<ErrorKind> KindOfAsync(Func<Task> act) => (await Assert.ThrowsAsync<StrakeException>(act)).Kind;

    protected static string Show(StateEvent change) => change.Kind == StateEventKind.Put
        ? $"{change.Revision} {change.Entry.Key}={Text(change.Entry.Value)}"
        : $"{change.Revision} {change.Entry.Key} gone";
}
