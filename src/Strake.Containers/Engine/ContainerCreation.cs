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
        var unit = new ContainerUnit(new ContainerRecord { Phase = ContainerPhase.Creating, Container = container with { Name = taken } }) { SecretVariables = secrets };
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
        (IReadOnlyList<MountPoint> mounts, IReadOnlyList<string> anonymous) = await MakeVolumesAsync(unit, draft, layer, cancellationToken);
        FaultPoint.Reach("container.create.volumes-made");

        // The point of no return. What goes with its end anyway need not survive the machine's.
        await unit.ChangeAsync(
            context.Records,
            record => record with
            {
                Phase = ContainerPhase.Ready,
                Container = record.Container with { LayerId = layer.Id.ToString(), Mounts = mounts },
                AnonymousVolumes = anonymous,
            },
            draft.Container.Host.AutoRemove || draft.Container.IsStep ? Durability.Eventual : Durability.Synced);
        FaultPoint.Reach("container.create.ready");
    }

    async Task<(IReadOnlyList<MountPoint> Mounts, IReadOnlyList<string> Anonymous)> MakeVolumesAsync(
        ContainerUnit unit, ContainerDraft draft, WritableLayer layer, CancellationToken cancellationToken)
    {
        List<MountPoint> mounts = [];
        List<string> anonymous = [];
        using var fill = new VolumeFill(context, unit.Id, layer);
        foreach (PlannedMount planned in draft.Mounts)
        {
            MountPoint point = planned.Point;
            if (planned.Volume is { } request)
            {
                var attachment = new Attachment(unit.Holder, point.Destination, !point.RW);
                Volume volume = await context.Volumes.CreateAsync(request with { Attachment = attachment }, cancellationToken);
                FaultPoint.Reach("container.create.volume-made");
                if (planned.IsAnonymous)
                    anonymous.Add(volume.Name);
                if (point.Detail?.NoCopy != true)
                    await fill.FillAsync(volume.Name, point.Destination, cancellationToken);
                point = point with { Name = volume.Name, Driver = volume.Driver, Source = volume.Mountpoint };
            }

            mounts.Add(point);
        }

        return (mounts, anonymous);
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
        return new ContainerDraft(container, MountPlan.Of(host, config.Volumes?.Keys ?? [], Inherited(host)), SizeLimit.Of(host));
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
        foreach (string text in host.VolumesFrom ?? [])
        {
            string[] fields = text.Split(':', 2);
            MountMode mode = MountMode.TryParse(fields.Length == 2 ? fields[1] : "") ?? throw StrakeException.Invalid($"invalid mode: {fields[1]}");
            foreach (MountPoint point in context.Table.Get(fields[0]).Container.Mounts)
                yield return mode.ReadOnly ? point with { RW = false } : point;
        }
    }

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
