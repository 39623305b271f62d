using Strake.Linux;

namespace Strake.Conformance.Layers;

/// <summary>A stack that is mounted as long as the object lives.</summary>
public sealed class LayerMountPoint : IDisposable
{
    readonly Stack<MountScope> _scopes = new();

    /// <summary>Attaches the mounts in order.</summary>
    public LayerMountPoint(string root, IReadOnlyList<Mount> mounts)
    {
        Root = root;
        foreach (var mount in mounts) _scopes.Push(mount.Attach());
    }

    /// <summary>Where it is mounted.</summary>
    public string Root { get; }

    public void Dispose()
    {
        while (_scopes.TryPop(out var scope)) scope.Dispose();
    }
}
