using Strake.Containers.Files;
using Strake.Layers;
using Strake.Layers.Archive;

namespace Strake.Containers.Engine;

/// <summary>Copies files in and out of containers: <c>docker cp</c>.</summary>
sealed class ContainerArchives(ContainerContent content)
{
    /// <summary>As <see cref="ContainerEngine.StatArchiveAsync"/>.</summary>
    public async Task<PathStat> StatAsync(ContainerUnit unit, string reference, string path, CancellationToken cancellationToken)
    {
        await using ContainerFilesScope scope = await content.OpenAsync(unit, LayerAccess.ReadOnly, cancellationToken);
        return ContainerFiles.Stat(scope.View, path, reference);
    }

    /// <summary>As <see cref="ContainerEngine.ReadArchiveAsync"/>.</summary>
    public async Task ReadAsync(
        ContainerUnit unit, string reference, string path, Stream target, Func<PathStat, ValueTask>? ready, CancellationToken cancellationToken)
    {
        await using ContainerFilesScope scope = await content.OpenAsync(unit, LayerAccess.ReadOnly, cancellationToken);
        PathStat stat = ContainerFiles.Stat(scope.View, path, reference);
        if (ready is not null)
            await ready(stat);
        await ContainerFiles.ReadAsync(scope.View, path, reference, target, cancellationToken);
    }

    /// <summary>As <see cref="ContainerEngine.WriteArchiveAsync"/>.</summary>
    public async Task WriteAsync(
        ContainerUnit unit,
        string reference,
        string path,
        Stream tar,
        bool noOverwriteDirNonDir,
        bool copyUidGid,
        CancellationToken cancellationToken)
    {
        if (unit.Container.Host.ReadonlyRootfs)
            throw StrakeException.PermissionDenied("container rootfs is marked read-only");
        await using ContainerFilesScope scope = await content.OpenAsync(unit, LayerAccess.ReadWrite, cancellationToken);
        var options = new TreeExtractOptions { ReplaceDirectories = !noOverwriteDirNonDir, Owner = OwnerOf(unit, scope, copyUidGid) };
        await ContainerFiles.WriteAsync(scope.View, path, reference, tar, options, cancellationToken);
    }

    // -a gives files to the container's user where it has one of its own; else, and without -a, they keep the tar's owners.
    static FileOwner? OwnerOf(ContainerUnit unit, ContainerFilesScope scope, bool copyUidGid)
    {
        if (!copyUidGid || unit.Container.Config.User is not { Length: > 0 })
            return null;
        Spec.ContainerUser user = AccountFiles.Resolve(scope.View.Root, unit.Container.Config.User, []);
        return new FileOwner(user.Uid, user.Gid);
    }
}
