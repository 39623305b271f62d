using Strake.Containers.Logs;
using Strake.Containers.Networks;
using Strake.Containers.Runtime;
using Strake.Containers.Spec;
using Strake.Images;
using Strake.Layers;
using Strake.Volumes;

namespace Strake.Containers.Engine;

/// <summary>What the engine's operations work with.</summary>
sealed record EngineContext
{
    public required ContainerEngineOptions Options { get; init; }

    public required HostFeatures Features { get; init; }

    public required OciRuntime Runtime { get; init; }

    public required RunFolder Run { get; init; }

    public required ContainerFolder Folder { get; init; }

    public required Conmon Conmon { get; init; }

    public required MountThread Mounts { get; init; }

    public required ExitWatcher Exits { get; init; }

    public required LogWatcher Logs { get; init; }

    public required RuntimeCommand Command { get; init; }

    public required RuntimeRemains Remains { get; init; }

    public required SeccompFilters Filters { get; init; }

    public required CgroupWarmUp WarmUp { get; init; }

    public required MountpointLayer Mountpoints { get; init; }

    public required ContainerRecords Records { get; init; }

    public required ContainerTable Table { get; init; }

    public required BackgroundWork Background { get; init; }

    public LayerStore Layers => Options.Layers;

    public ImageStore Images => Options.Images;

    public VolumeStore Volumes => Options.Volumes;

    public ContainerNetworks Networks => Options.Networks;

    public TimeProvider Time => Options.Time;

    public DateTimeOffset Now => Options.Time.GetUtcNow();

    /// <summary>A container's cgroup, from the root of each hierarchy.</summary>
    public string CgroupOf(Container container)
    {
        string parent = container.Host.CgroupParent is { Length: > 0 } own ? own : Options.CgroupParent;
        return $"{Containers.Mounts.ContainerPath.Clean(parent).TrimEnd('/')}/{container.Id}";
    }

    /// <summary>Whether a container is still there.</summary>
    public bool IsKnown(ContainerUnit unit) => ReferenceEquals(Table.Find(unit.Id), unit);

    /// <summary>Tells of something that happened to a container.</summary>
    /// <param name="container">The container.</param>
    /// <param name="action">What, in Docker's words.</param>
    /// <param name="more">What else is to be known of it.</param>
    public void Tell(Container container, string action, params (string Name, string Value)[] more)
    {
        if (container.IsStep || Options.Events is not { } tell)
            return;
        Dictionary<string, string> attributes = new(container.Config.Labels ?? new Dictionary<string, string>())
        {
            ["image"] = container.Config.Image ?? "",
            ["name"] = container.Name,
        };
        foreach ((string name, string value) in more)
            attributes[name] = value;
        tell(new EngineEvent("container", action, container.Id, attributes, Now));
    }
}
