using Strake.Volumes;

namespace Strake.Containers.Mounts;

/// <summary>
/// Gathers a container's mounts from all places where they can be asked for, in Docker's order: <c>--volumes-from</c>,
/// <c>-v</c>, <c>--mount</c>, then the volumes of the image and of <c>-v path</c> where nothing else is mounted. Pure.
/// </summary>
static class MountPlan
{
    /// <summary>The driver of volumes for which nobody names one.</summary>
    public const string DefaultDriver = "local";


    /// <summary>The mounts of a container.</summary>
    /// <param name="host">What the user asked for.</param>
    /// <param name="volumes">Paths of the image and of the config that get an anonymous volume.</param>
    /// <param name="from">Mounts of the containers in <c>--volumes-from</c>, in their order, access already narrowed.</param>
    /// <returns>In the order in which they are to be mounted: parents before what lies below them.</returns>
    /// <exception cref="StrakeException">Invalid: in Docker's words.</exception>
    public static IReadOnlyList<PlannedMount> Of(HostSettings host, IEnumerable<string> volumes, IEnumerable<MountPoint> from)
    {
        Dictionary<string, PlannedMount> plan = [];
        foreach (MountPoint inherited in from)
            plan[inherited.Destination] = Inherit(inherited);

        foreach (string path in host.Tmpfs?.Keys ?? [])
            MountRules.CheckTmpfsPath(path);
        HashSet<string> asked = [.. (host.Tmpfs ?? new Dictionary<string, string>()).Keys.Select(ContainerPath.Clean)];
        foreach (string raw in host.Binds ?? [])
        {
            VolumeSpecification specification = VolumeSpecification.Parse(raw, host.VolumeDriver ?? "");
            Add(plan, asked, Plan(specification.Request, specification.Mode));
        }

        foreach (MountRequest request in host.Mounts ?? [])
        {
            MountRules.CheckOptions(request);
            MountRules.Check(request);
            // Docker's client says that it ignores --volume-driver for --mount; its manuals use it so, and so it is meant.
            Add(plan, asked, Plan(request, "", host.VolumeDriver));
        }

        foreach (string path in volumes)
        {
            var request = new MountRequest { Type = MountRules.Volume, Target = Normal(path), Source = "" };
            MountRules.Check(request);
            if (!plan.ContainsKey(ContainerPath.Clean(path)) && !asked.Contains(ContainerPath.Clean(path)))
                plan[ContainerPath.Clean(path)] = Plan(request, mode: null, driver: host.VolumeDriver);
        }

        return [.. plan.Values.OrderBy(static mount => ContainerPath.Depth(mount.Point.Destination))
            .ThenBy(static mount => mount.Point.Destination, StringComparer.Ordinal)];
    }

    static void Add(Dictionary<string, PlannedMount> plan, HashSet<string> asked, PlannedMount mount)
    {
        if (!asked.Add(mount.Point.Destination))
            throw StrakeException.Invalid($"Duplicate mount point: {mount.Point.Destination}");
        plan[mount.Point.Destination] = mount;
    }

    // CVE-2022-23648: a VOLUME with ".." named a path outside; cleaned, it stays within.
    static string Normal(string path) => path.StartsWith('/') ? path : "/" + path;

    static PlannedMount Inherit(MountPoint point) => new(
        point with { Detail = (point.Detail ?? new MountDetail()) with { NoCopy = true } },
        point.Type == MountRules.Volume ? new VolumeRequest(point.Name) { Driver = point.Driver } : null,
        point.Type == MountRules.Image ? point.Detail?.Image : null);

    static PlannedMount Plan(MountRequest request, string? mode, string? driver = null)
    {
        var point = new MountPoint
        {
            Type = request.Type!,
            Destination = ContainerPath.Clean(request.Target!),
            RW = !request.ReadOnly,
            Mode = mode ?? "",
        };
        return request.Type switch
        {
            MountRules.Bind => new PlannedMount(
                point with
                {
                    Source = ContainerPath.Clean(request.Source!),
                    Propagation = request.BindOptions?.Propagation is { Length: > 0 } given ? given : "rprivate",
                    Detail = new MountDetail
                    {
                        NonRecursive = request.BindOptions?.NonRecursive == true,
                        ReadOnlyNonRecursive = request.BindOptions?.ReadOnlyNonRecursive == true,
                        ReadOnlyForceRecursive = request.BindOptions?.ReadOnlyForceRecursive == true,
                        Subpath = request.BindOptions?.Subpath ?? "",
                    },
                },
                Volume: null,
                SourceMustExist: request.BindOptions?.CreateMountpoint != true),
            MountRules.Tmpfs => new PlannedMount(
                point with { Detail = new MountDetail { TmpfsOptions = TmpfsFlags.Of(request.ReadOnly, request.TmpfsOptions ?? new TmpfsOptions()) } },
                Volume: null),
            MountRules.Image => new PlannedMount(
                point with
                {
                    Name = request.Source!,
                    // Nothing that a container writes may reach what other containers have of the image.
                    RW = false,
                    Propagation = "rprivate",
                    Detail = new MountDetail { Subpath = request.ImageOptions?.Subpath ?? "" },
                },
                Volume: null,
                Image: request.Source),
            MountRules.Volume => PlanVolume(request, point, mode, driver),
            _ => throw new InvalidOperationException($"A mount of type {request.Type} was not refused."),
        };
    }

    static PlannedMount PlanVolume(MountRequest request, MountPoint point, string? mode, string? driver)
    {
        VolumeOptions options = request.VolumeOptions ?? new VolumeOptions();
        string chosen = options.DriverConfig?.Name is { Length: > 0 } named ? named : driver ?? "";
        var volume = new VolumeRequest(request.Source)
        {
            Driver = chosen,
            DriverOptions = options.DriverConfig?.Options ?? new Dictionary<string, string>(),
            Labels = options.Labels ?? new Dictionary<string, string>(),
        };
        point = point with
        {
            Name = request.Source ?? "",
            Driver = chosen,
            // Docker shows this for volumes that -v or --mount asked for, and not for those of the image.
            Mode = mode is "" && chosen is "" or DefaultDriver ? "z" : mode ?? "",
            Detail = new MountDetail { NoCopy = options.NoCopy, Subpath = options.Subpath ?? "" },
        };
        return new PlannedMount(point, volume);
    }
}
