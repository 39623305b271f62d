using System.Security.Cryptography;
using Strake.Containers.Lifecycle;
using Strake.Containers.Logs;
using Strake.Containers.Mounts;
using Strake.Containers.Spec;
using Strake.Images;
using Strake.Layers;
using Strake.Linux;
using Strake.Volumes;

namespace Strake.Containers.Engine;

/// <summary>Makes containers: everything is checked first, then written down, then made, then written down as made.</summary>
sealed class ContainerCreation(EngineContext context)
{
    const int IdBytes = 32;
    const int ShortIdLength = 12;

    // Of containers that are steps of builds; no image has it.
    static readonly ImageId s_noImage = new(Digest.Of(default));

    /// <summary>Makes a container.</summary>
    /// <exception cref="StrakeException">As <see cref="ContainerEngine.CreateAsync"/>.</exception>
    public async Task<CreatedContainer> CreateAsync(ContainerRequest request, CancellationToken cancellationToken)
    {
        // The wait for the kernel overlaps with all that is done here, and with the client's way to its start request.
        context.WarmUp.Begin();
        OptionSupport.Verify(request);
        if (request.Step is null && string.IsNullOrEmpty(request.Config.Image))
            throw StrakeException.Invalid("no image specified: config.Image must not be empty");

        List<string> warnings = [];
        Image? image = request.Step is null ? await context.Images.GetAsync(request.Config.Image!, cancellationToken) : null;
        string id = NewId();
        ContainerDraft draft = Draft(id, request, image, warnings);
        CheckBindSources(draft.Mounts);

        ContainerUnit unit = await RecordIntentAsync(draft, request.Name, request.Step?.SecretVariables ?? []);
        try
        {
            FaultPoint.Reach("container.create.recorded");
            await MakeAsync(unit, draft, image?.Chain ?? request.Step?.Chain, cancellationToken);
        }
        catch
        {
            await new ContainerRollback(context).RunAsync(unit);
            throw;
        }

        context.Tell(unit.Container, "create");
        return new CreatedContainer(id, warnings);
    }

    async Task<ContainerUnit> RecordIntentAsync(ContainerDraft draft, string? name, IReadOnlyList<string> secrets)
    {
        Container container = draft.Container;
        string taken = context.Table.TakeRandomOr(name, container.Id);
        var unit = new ContainerUnit(new ContainerRecord { Phase = ContainerPhase.Creating, Container = container with { Name = taken }, AnonymousVolumes = draft.OwnVolumes }) { SecretVariables = secrets };
        try
        {
            FaultPoint.Reach("container.create.before");
            await context.Records.WriteAsync(unit.Id, unit.Record, Durability.Eventual);
            context.Table.Add(unit);
            return unit;
        }
        catch
        {
            context.Table.FreeName(taken);
            throw;
        }
    }

    async Task MakeAsync(ContainerUnit unit, ContainerDraft draft, ChainId? root, CancellationToken cancellationToken)
    {
        WritableLayer layer = await context.Layers.CreateWritableAsync(root, unit.Holder, draft.SizeLimitBytes, cancellationToken);
        FaultPoint.Reach("container.create.layer-made");
        context.Folder.Make(unit.Id);
        FaultPoint.Reach("container.create.folder-made");
        IReadOnlyList<MountPoint> mounts = await MakeVolumesAsync(unit, draft, layer, cancellationToken);
        FaultPoint.Reach("container.create.volumes-made");

        // The point of no return. What goes with its end anyway need not survive the machine's.
        await unit.ChangeAsync(
            context.Records,
            record => record with
            {
                Phase = ContainerPhase.Ready,
                Container = record.Container with { LayerId = layer.Id.ToString(), Mounts = mounts },
                AnonymousVolumes = [.. draft.OwnVolumes, .. draft.LentVolumes],
            },
            draft.Container.Host.AutoRemove || draft.Container.IsStep ? Durability.Eventual : Durability.Synced);
        FaultPoint.Reach("container.create.ready");
    }

    async Task<IReadOnlyList<MountPoint>> MakeVolumesAsync(
        ContainerUnit unit, ContainerDraft draft, WritableLayer layer, CancellationToken cancellationToken)
    {
        List<MountPoint> mounts = [];
        using var fill = new VolumeFill(context, unit.Id, layer);
        foreach (PlannedMount planned in draft.Mounts)
        {
            MountPoint point = planned.Point;
            if (planned.Volume is { } request)
            {
                Attachment attachment = AttachmentOf(unit, planned, draft.Mounts);
                Volume volume = await context.Volumes.CreateAsync(request with { Attachment = attachment }, cancellationToken);
                FaultPoint.Reach("container.create.volume-made");
                if (point.Detail?.NoCopy != true)
                    await fill.FillAsync(volume.Name, point.Destination, cancellationToken);
                // The name alone may have been a plugin's volume, which Docker shows without a mode.
                string mode = point.Mode == "z" && point.Driver.Length == 0 && volume.Driver != MountPlan.DefaultDriver ? "" : point.Mode;
                point = point with { Name = volume.Name, Driver = volume.Driver, Source = volume.Mountpoint, Mode = mode };
            }
            else if (planned.Image is { } image)
            {
                point = await MakeImageMountAsync(unit, point, image, mounts.Count, cancellationToken);
            }

            mounts.Add(point);
        }

        return mounts;
    }

    // A container may have a named volume at several places: to the volume that is one use, which may write if any of them may.
    static Attachment AttachmentOf(ContainerUnit unit, PlannedMount planned, IReadOnlyList<PlannedMount> all)
    {
        PlannedMount[] same = planned.IsAnonymous ? [planned] : [.. all.Where(other => other.Volume?.Name == planned.Volume!.Name)];
        return new Attachment(
            unit.Holder, string.Join(", ", same.Select(static mount => mount.Point.Destination)), same.All(static mount => !mount.Point.RW));
    }

    // A layer of its own keeps the image's layers, whatever becomes of the image's name, and is what is mounted.
    async Task<MountPoint> MakeImageMountAsync(ContainerUnit unit, MountPoint point, string reference, int number, CancellationToken cancellationToken)
    {
        Image image = await context.Images.GetAsync(reference, cancellationToken);
        string owner = $"{unit.Holder}/image-{number.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
        WritableLayer layer = await context.Layers.CreateWritableAsync(image.Chain, owner, sizeLimitBytes: null, cancellationToken);
        FaultPoint.Reach("container.create.image-mount-made");
        return point with
        {
            Source = context.Layers.Driver.Content(layer.Id).Directory,
            Detail = point.Detail! with { Image = image.Id.ToString(), LayerOwner = owner },
        };
    }

    ContainerDraft Draft(string id, ContainerRequest request, Image? image, List<string> warnings)
    {
        ContainerConfig config = ConfigMerge.Of(request.Config, image?.Config.Defaults);
        HostSettings host = ResourceRules.Adapt(request.Host, context.Features, warnings);
        RestartDecisions.Verify(host.RestartPolicy, host.AutoRemove);
        SecurityOptions.Parse(host.SecurityOpt);
        Capabilities.Choose(host.CapAdd ?? [], host.CapDrop ?? [], host.Privileged, [.. context.Features.Capabilities]);
        LogLimit.Of(host.LogConfig);
        if (config.StopSignal is { Length: > 0 } signal)
            StopSignals.Parse(signal);
        host = new NamespaceRules(context).Resolve(host);
        config = config with { Hostname = HostnameOf(id, config, host) };

        IReadOnlyList<string> command = [.. config.Entrypoint ?? [], .. config.Cmd ?? []];
        var container = new Container
        {
            Id = id,
            Name = "",
            Created = context.Now,
            Path = command[0],
            Args = [.. command.Skip(1)],
            Config = config,
            Host = host,
            Network = new ContainerNetwork(request.Network),
            State = new ContainerState(),
            ImageId = image?.Id ?? s_noImage,
            ImageReference = request.Config.Image ?? "",
            IsStep = request.Step is not null,
            Mounts = [],
            LogPath = host.LogConfig?.Type == "none" ? "" : context.Folder.Log(id),
            HostnamePath = context.Folder.Hostname(id),
            HostsPath = context.Folder.Hosts(id),
            ResolvConfPath = context.Folder.ResolvConf(id),
            Driver = context.Layers.Driver.Name,
            LayerId = "",
        };
        PlannedMount[] mounts = [.. MountPlan.Of(host, config.Volumes?.Keys ?? [], Inherited(host)).Select(static mount => mount.WithName())];
        return new ContainerDraft(container, mounts, LentVolumes(host, mounts), SizeLimit.Of(host));
    }

    string HostnameOf(string id, ContainerConfig config, HostSettings host)
    {
        if (config.Hostname is { Length: > 0 } asked)
        {
            return host.NetworkMode is "host" && host.UTSMode is "host"
                ? throw StrakeException.Invalid("conflicting options: hostname and the UTS mode")
                : asked;
        }

        return host.NetworkMode is "host" || host.UTSMode is "host" ? context.Features.Hostname
            : NetworkMode.JoinedContainer(host.NetworkMode) is { } joined ? context.Table.Get(joined).Container.Config.Hostname ?? ""
            : id[..ShortIdLength];
    }

    IEnumerable<MountPoint> Inherited(HostSettings host)
    {
        foreach ((ContainerUnit lender, VolumesFrom from) in Lenders(host))
        {
            foreach (MountPoint point in lender.Container.Mounts)
                yield return from.ReadOnly ? point with { RW = false } : point;
        }
    }

    IEnumerable<(ContainerUnit Unit, VolumesFrom From)> Lenders(HostSettings host)
    {
        foreach (string text in host.VolumesFrom ?? [])
        {
            VolumesFrom from = VolumesFrom.Parse(text);
            yield return (context.Table.Find(from.Container) ?? throw StrakeException.Invalid($"No such container: {from.Container}"), from);
        }
    }

    // As Docker: they go with the last container that is removed with its volumes.
    IReadOnlyList<string> LentVolumes(HostSettings host, PlannedMount[] mounts) =>
    [
        .. Lenders(host).SelectMany(static lender => lender.Unit.Record.AnonymousVolumes).Distinct()
            .Where(name => mounts.Any(mount => mount.Volume?.Name == name)),
    ];

    static void CheckBindSources(IReadOnlyList<PlannedMount> mounts)
    {
        foreach (PlannedMount mount in mounts.Where(static mount => mount.SourceMustExist))
        {
            if (!Syscall.TryStatAt(Syscall.WorkingDirectory, mount.Point.Source, out _, AtFlags.None))
                throw StrakeException.Invalid($"invalid mount config for type \"bind\": bind source path does not exist: {mount.Point.Source}");
        }
    }

    // An id whose first digits are all decimal would be taken for a number by clients.
    static string NewId()
    {
        while (true)
        {
            string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
            if (id.AsSpan(0, ShortIdLength).ContainsAnyExceptInRange('0', '9'))
                return id;
        }
    }
}
