using Strake.Containers.Files;
using Strake.Containers.Lifecycle;
using Strake.Images;
using Strake.Layers;
using Strake.Layers.Archive;
using Strake.Linux;

namespace Strake.Containers.Engine;

/// <summary>What a container's file system holds: its changes, images made of it, tars of it, its size.</summary>
sealed class ContainerContent(EngineContext context, ContainerControl control)
{
    /// <summary>As <see cref="ContainerEngine.ChangesAsync"/>.</summary>
    public async Task<IReadOnlyList<FileChange>> ChangesAsync(ContainerUnit unit, CancellationToken cancellationToken)
    {
        WritableLayer layer = await LayerAsync(unit, cancellationToken);
        FileChange[] all =
        [
            .. (await context.Layers.ChangesAsync(layer.Id, cancellationToken))
                .Select(static change => new FileChange((FileChangeKind)change.Kind, PathBytes.Decode(change.Path.Span))),
        ];
        return context.Layers.Driver.Content(layer.Id).Whiteouts == WhiteoutForm.Absent ? WithoutMountpoints(all) : all;
    }

    /// <summary>As <see cref="ContainerEngine.CommitAsync"/>.</summary>
    public async Task<ImageId> CommitAsync(ContainerUnit unit, CommitOptions options, CancellationToken cancellationToken)
    {
        ImageReference? reference = options.Reference is { Length: > 0 } name ? ImageReference.Parse(name) : null;
        using IDisposable turn = await unit.EnterAsync(cancellationToken);
        ContainerControl.Require(unit, LifecycleRequest.Commit);
        WritableLayer layer = await LayerAsync(unit, cancellationToken);
        bool pauses = options.Pause && unit.Container.State.Status == ContainerStatus.Running;
        if (pauses)
            await control.PauseNowAsync(unit);
        try
        {
            FaultPoint.Reach("container.commit.before");
            await using ILayerIngest hold = context.Layers.BeginIngest();
            StoredLayer stored = await context.Layers.CommitAsync(layer.Id, hold, cancellationToken);
            FaultPoint.Reach("container.commit.layer-made");
            ImageId image = await context.Images.CreateFromCommitAsync(CommitOf(unit.Container, options, reference, stored), cancellationToken);
            FaultPoint.Reach("container.commit.done");
            context.Tell(unit.Container, "commit", ("comment", options.Comment ?? ""), ("imageID", image.ToString()), ("imageRef", options.Reference ?? ""));
            return image;
        }
        finally
        {
            if (pauses && unit.Container.State.Status == ContainerStatus.Paused)
                await control.UnpauseNowAsync(unit);
        }
    }

    /// <summary>As <see cref="ContainerEngine.ExportAsync"/>.</summary>
    public async Task ExportAsync(ContainerUnit unit, Stream target, CancellationToken cancellationToken)
    {
        using IDisposable turn = await unit.EnterAsync(cancellationToken);
        using RootedDirectory root = await RootAsync(unit, cancellationToken);
        await LayerStore.ExportAsync($"/proc/self/fd/{root.Directory.DangerousGetHandle()}", target, cancellationToken);
        context.Tell(unit.Container, "export");
    }

    /// <summary>As <see cref="ContainerEngine.MeasureAsync"/>.</summary>
    public async Task<ContainerSize> MeasureAsync(ContainerUnit unit, CancellationToken cancellationToken)
    {
        WritableLayer layer = await LayerAsync(unit, cancellationToken);
        long own = await Task.Run(() => context.Layers.Measure(layer).SizeBytes, cancellationToken);
        long below = (await context.Images.FindAsync(unit.Container.ImageId, cancellationToken))?.SizeBytes ?? 0;
        return new ContainerSize(own, own + below);
    }

    /// <summary>Opens a container's files as it sees them, for copying.</summary>
    /// <param name="unit">The container.</param>
    /// <param name="access">Whether they may be changed.</param>
    /// <param name="cancellationToken">Cancels the wait for the container's turn.</param>
    public async Task<ContainerFilesScope> OpenAsync(ContainerUnit unit, LayerAccess access, CancellationToken cancellationToken)
    {
        IDisposable turn = await unit.EnterAsync(cancellationToken);
        try
        {
            if (unit.Container.State.IsRunning)
            {
                // What runs may start and stop meanwhile; the view stays that of this process.
                turn.Dispose();
                return new ContainerFilesScope(ContainerView.OfProcess(unit.Container.State.Pid), mountNamespace: null, turn: null);
            }

            await unit.LastRun;
            return await OpenStoppedAsync(unit, access, turn, cancellationToken);
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    async Task<ContainerFilesScope> OpenStoppedAsync(ContainerUnit unit, LayerAccess access, IDisposable turn, CancellationToken cancellationToken)
    {
        WritableLayer layer = context.Mountpoints.Below(await LayerAsync(unit, cancellationToken));
        string target = context.Run.RootFs(unit.Id);
        Directory.CreateDirectory(target, Permissions.Octal0700);
        try
        {
            IReadOnlyList<MountPoint> all = await new ContainerVolumes(context).MountAsync(unit);
            // A device has no files to look at.
            IReadOnlyList<MountPoint> mounts = BlockVolumes.Without(BlockVolumes.Of(all), all);
            using StagedMounts staged = await StagedMounts.OpenAsync(context, unit.Id, mounts);
            var (mountNamespace, view) = await context.Mounts.InNewAsync(() =>
            {
                LayerMount root = context.Layers.Mount(layer, access, target);
                try
                {
                    staged.Place();
                }
                catch
                {
                    root.Dispose();
                    throw;
                }

                return ContainerView.OfLayer(root, [.. mounts.Select(mount => mount with { Source = staged.Places.GetValueOrDefault(mount.Destination, mount.Source) })]);
            });
            return new ContainerFilesScope(view, mountNamespace, turn, () => CloseStoppedAsync(unit));
        }
        catch
        {
            await CloseStoppedAsync(unit);
            throw;
        }
    }

    async Task CloseStoppedAsync(ContainerUnit unit)
    {
        TreeRemoval.Remove(context.Run.Bundle(unit.Id));
        await new ContainerVolumes(context).UnmountAsync(unit);
    }

    async Task<RootedDirectory> RootAsync(ContainerUnit unit, CancellationToken cancellationToken)
    {
        WritableLayer layer = await LayerAsync(unit, cancellationToken);
        if (unit.Run is not { ConmonPid: > 0 and var conmon })
            return await RootView.OpenAsync(context, layer, LayerAccess.ReadOnly, unit.Id);
        // In conmon's namespace the root file system is mounted without the volumes that the container has on it.
        string target = context.Run.RootFs(unit.Id);
        using var mountNamespace = Syscall.Open($"/proc/{conmon}/ns/mnt", OpenFlags.ReadOnly);
        return await context.Mounts.InAsync(mountNamespace, () => RootedDirectory.Open(target, PathRule.InRoot));
    }

    async Task<WritableLayer> LayerAsync(ContainerUnit unit, CancellationToken cancellationToken) =>
        await context.Layers.FindWritableAsync(unit.Holder, cancellationToken)
        ?? throw StrakeException.DataLoss($"container {unit.Id}: its writable layer {unit.Container.LayerId} is gone; remove the container");

    ImageCommit CommitOf(Container container, CommitOptions options, ImageReference? reference, StoredLayer layer) => new()
    {
        Parent = container.ImageId,
        Layer = layer.DiffId,
        Defaults = DefaultsOf(options.ConfigOverride ?? container.Config),
        Change = options.Change,
        Author = options.Author ?? "",
        Comment = options.Comment ?? "",
        CreatedBy = string.Join(' ', (IReadOnlyList<string>)[container.Path, .. container.Args]),
        Reference = reference,
    };

    static ContainerDefaults DefaultsOf(ContainerConfig config) => new()
    {
        User = config.User,
        ExposedPorts = config.ExposedPorts is { Count: > 0 } ports ? [.. ports.Keys.Order(StringComparer.Ordinal)] : null,
        Env = config.Env,
        Entrypoint = config.Entrypoint,
        Cmd = config.Cmd,
        Volumes = config.Volumes is { Count: > 0 } volumes ? [.. volumes.Keys.Order(StringComparer.Ordinal)] : null,
        WorkingDir = config.WorkingDir,
        Labels = config.Labels,
        StopSignal = config.StopSignal,
        StopTimeout = config.StopTimeout,
        Shell = config.Shell,
        OnBuild = config.OnBuild,
    };

    // A driver that compares whole trees sees what the runtime made to mount on as the container's own.
    static List<FileChange> WithoutMountpoints(FileChange[] all)
    {
        List<FileChange> kept = [.. all.Where(static change => change.Kind != FileChangeKind.Added || !MountpointLayer.Paths.Contains(change.Path))];
        kept.RemoveAll(change => change.Kind == FileChangeKind.Modified
            && MountpointLayer.Paths.Contains(change.Path)
            && !kept.Exists(other => other.Path.StartsWith(change.Path + "/", StringComparison.Ordinal)));
        return kept;
    }
}
