using Microsoft.Win32.SafeHandles;
using Strake.Layers.Archive.Paths;
using Strake.Linux;

namespace Strake.Layers.Archive.Comparison;

/// <summary>
/// One directory as the layers below show it, merged as the overlay does it (Documentation/filesystems/overlayfs.rst): the first layer that
/// says something of a name decides, directories go on to the next layer unless they are opaque.
/// </summary>
sealed class LowerDirectory : IDisposable
{
    readonly List<(LayerView Layer, SafeFileHandle Directory)> _parts = [];

    /// <summary>Opens a directory.</summary>
    /// <param name="layers">The layers that have it, top first; none where it does not exist.</param>
    /// <param name="path">Its path.</param>
    public LowerDirectory(IReadOnlyList<LayerView> layers, ReadOnlySpan<byte> path)
    {
        foreach (var layer in layers)
        {
            if (layer.TryOpen(path) is { } directory) _parts.Add((layer, directory));
        }
    }

    /// <summary>What is under a name; null where there is nothing.</summary>
    public LowerFile? Find(ReadOnlySpan<byte> nameTerminated)
    {
        LowerFile? found = null;
        List<LayerView>? merged = null;
        foreach (var (layer, directory) in _parts)
        {
            var word = layer.Look(directory, nameTerminated, out var stat);
            if (word == LayerWord.Nothing) continue;
            if (word == LayerWord.Hides || (found is not null && stat.Kind != FileKind.Directory)) break;
            found ??= new LowerFile(directory, stat, merged = []);
            if (stat.Kind != FileKind.Directory) break;
            merged!.Add(layer);
            if (IsOpaque(layer, directory, nameTerminated)) break;
        }
        return found;
    }

    /// <summary>All names, sorted.</summary>
    public List<byte[]> Names()
    {
        var names = new SortedSet<byte[]>(Comparer<byte[]>.Create(static (x, y) => x.AsSpan().SequenceCompareTo(y)));
        foreach (var (layer, directory) in _parts)
        {
            foreach (var name in layer.Names(directory)) names.Add(name);
        }
        // Hidden ones are among them still.
        return [.. names.Where(n => Find(PathBytes.Terminate(n)) is not null)];
    }

    public void Dispose()
    {
        foreach (var (_, directory) in _parts) directory.Dispose();
    }

    static bool IsOpaque(LayerView layer, SafeFileHandle parent, ReadOnlySpan<byte> nameTerminated)
    {
        if (layer.IsWhole) return false;
        using var directory = Syscall.OpenAt(parent, nameTerminated, OpenFlags.Directory | OpenFlags.NoFollow);
        return layer.IsOpaque(directory);
    }
}
