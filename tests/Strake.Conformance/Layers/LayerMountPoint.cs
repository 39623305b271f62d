using Strake.Linux;

namespace Strake.Conformance.Layers;

/// <summary>A stack that is mounted as long as the object lives.</summary>
public sealed class LayerMountPoint : IDisposable
{
    readonly MountScope _scope;

    /// <summary>Attaches the mounts in order, and takes those before the last off again.</summary>
    public LayerMountPoint(string root, IReadOnlyList<Mount> mounts)
    {
        Root = root;
        var scaffolding = new Stack<MountScope>();
        try
        {
            foreach (var mount in mounts.SkipLast(1)) scaffolding.Push(mount.Attach());
            _scope = mounts[^1].Attach();
        }
        finally
        {
            while (scaffolding.TryPop(out var scope)) scope.Dispose();
        }
    }

    /// <summary>Where it is mounted.</summary>
    public string Root { get; }

    public void Dispose() => _scope.Dispose();
}
