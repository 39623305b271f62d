namespace Strake.Build;

/// <summary>The contexts that clients sent last, so that what has not changed since need not be sent again. As long as the daemon runs.</summary>
/// <param name="directory">Where packs are made.</param>
sealed class ContextKeeper(string directory) : IDisposable
{
    // Each holds some 500 bytes a file in memory, and its files' bytes on the disk.
    const int Most = 8;

    // What changed again and again leaves bytes behind that nobody needs.
    const long WasteBytes = 256L << 20;

    readonly Lock gate = new();
    readonly LinkedList<(string Key, ContextTree Tree)> kept = [];

    /// <summary>A context that is to be received.</summary>
    /// <param name="key">The client's directory; empty: it is not known again.</param>
    public ContextDraft Begin(string key)
    {
        lock (gate)
        {
            var former = key.Length == 0 ? null : kept.FirstOrDefault(one => one.Key == key).Tree;
            if (former is not null && former.Pack.Length - former.ContentBytes > WasteBytes + former.ContentBytes) former = null;
            return new ContextDraft(former?.Pack.Share() ?? new ContextPack(directory), former, tree => Keep(key, tree));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            foreach (var (_, tree) in kept) tree.Dispose();
            kept.Clear();
        }
    }

    void Keep(string key, ContextTree tree)
    {
        if (key.Length == 0) return;
        lock (gate)
        {
            for (var node = kept.First; node is not null; node = node.Next)
            {
                if (node.Value.Key != key) continue;
                node.Value.Tree.Dispose();
                kept.Remove(node);
                break;
            }

            kept.AddFirst((key, tree.Share()));
            if (kept.Count <= Most) return;
            kept.Last!.Value.Tree.Dispose();
            kept.RemoveLast();
        }
    }
}
