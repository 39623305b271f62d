using System.Globalization;
using System.Text.Json;
using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Decisions.Pods;
using Strake.Kubernetes.Pods.Volumes;
using Strake.Kubernetes.Records;
using Quantity = Strake.Kubernetes.Objects.Quantity;

namespace Strake.Kubernetes.Pods;

/// <summary>From a container as it is described to one that can be started: variables looked up, paths made, rights put together.</summary>
/// <param name="store">Where config maps and secrets are.</param>
/// <param name="folders">Where pods have their files.</param>
/// <param name="server">Where pods reach the API server.</param>
sealed class ContainerLaunches(IObjectStore store, PodFolders folders, ServerPlace server)
{
    readonly PodEnvironment environment = new(store, server);

    /// <summary>What the run is to be.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="order">Which container, and the how manieth run.</param>
    /// <param name="sandbox">Its sandbox.</param>
    /// <param name="image">Its image.</param>
    /// <param name="mounts">The pod's volumes, by name.</param>
    /// <param name="place">Where the pod is.</param>
    /// <param name="cancellationToken">Cancels what is looked up.</param>
    /// <exception cref="ContainerFault">It cannot be started so.</exception>
    public async Task<ContainerLaunch> OfAsync(
        Pod pod, ContainerOrder order, SandboxRun sandbox, PodImage image, IReadOnlyDictionary<string, PodMount> mounts, PodPlace place, CancellationToken cancellationToken)
    {
        PodContainer container = order.Container;
        IReadOnlyDictionary<string, string> variables = await environment.OfAsync(pod, container, place, cancellationToken);
        JsonElement spec = container.Spec;
        return new ContainerLaunch(new PodName(pod.Uid, pod.Key), container.Name, order.Attempt)
        {
            Sandbox = sandbox.Id,
            Image = container.Image,
            Crashes = order.Crashes,
            Command = Expanded(spec, "command", variables),
            Arguments = Expanded(spec, "args", variables),
            WorkingDirectory = spec.Text("workingDir"),
            Environment = [.. variables.Select(static variable => $"{variable.Key}={variable.Value}")],
            Mounts = [.. folders.SharedMemoryOf(pod), .. spec.List("volumeMounts", static item => item).Select(mount => MountOf(container, mount, mounts, variables))],
            Devices = [.. spec.List("volumeDevices", static item => item).Select(device => DeviceOf(device, mounts))],
            Rights = RightsOf(pod, container, image),
            MessageFile = folders.MakeMessageFile(pod.Uid, container.Name, order.Attempt),
            MessagePath = spec.TextOrNull("terminationMessagePath") ?? "/dev/termination-log",
            HasInput = spec.Flag("stdin"),
            InputOnce = spec.Flag("stdinOnce"),
            HasTerminal = spec.Flag("tty"),
            Hostname = HostnameOf(pod, place),
            HasHostNetwork = pod.Spec.Flag("hostNetwork"),
            HasHostProcesses = pod.Spec.Flag("hostPID"),
            HasHostIpc = pod.Spec.Flag("hostIPC"),
            SharesProcesses = pod.Spec.Flag("shareProcessNamespace"),
        };
    }

    /// <summary>A pod's host name: with the node's network it has the node's.</summary>
    public static string HostnameOf(Pod pod, PodPlace place)
    {
        const int Longest = 63;
        if (pod.Spec.Flag("hostNetwork")) return place.Node.Name;
        string name = pod.Spec.TextOrNull("hostname") ?? pod.Metadata.Name;
        return name.Length <= Longest ? name : name[..Longest].TrimEnd('-', '.');
    }

    static IReadOnlyList<string>? Expanded(JsonElement spec, string field, IReadOnlyDictionary<string, string> variables) => spec.Texts(field) is { Count: > 0 } words
        ? [.. words.Select(word => Expansion.Expand(word, variables.GetValueOrDefault))]
        : null;

    static ContainerMount MountOf(PodContainer container, JsonElement mount, IReadOnlyDictionary<string, PodMount> mounts, IReadOnlyDictionary<string, string> variables)
    {
        string name = mount.Text("name");
        if (!mounts.TryGetValue(name, out PodMount? volume)) throw new ContainerFault(ContainerFault.Config, $"cannot find volume \"{name}\" to mount into container \"{container.Name}\"");
        if (volume.IsDevice) throw new ContainerFault(ContainerFault.Config, $"volume \"{name}\" is a block device, and container \"{container.Name}\" wants a file system at {mount.Text("mountPath")}");
        string subPath = SubPathOf(mount, variables);
        bool readOnly = volume.ReadOnly || mount.Flag("readOnly");
        if (subPath.Length > 0 && !volume.IsImage) SubPaths.Ensure(volume.Path, subPath, name, container.Name, readOnly: volume.ReadOnly);
        return new ContainerMount(volume.Path, mount.Text("mountPath").StartsWith('/') ? mount.Text("mountPath") : "/" + mount.Text("mountPath"))
        {
            SubPath = subPath,
            ReadOnly = readOnly,
            IsImage = volume.IsImage,
            Depth = mount.Text("recursiveReadOnly") switch
            {
                "Enabled" => ReadOnlyDepth.Recursive,
                "IfPossible" => ReadOnlyDepth.RecursiveIfPossible,
                _ => ReadOnlyDepth.Topmost,
            },
            Propagation = mount.Text("mountPropagation") switch
            {
                "HostToContainer" => "rslave",
                "Bidirectional" => "rshared",
                _ => "rprivate",
            },
        };
    }

    static string SubPathOf(JsonElement mount, IReadOnlyDictionary<string, string> variables)
    {
        if (mount.TextOrNull("subPathExpr") is not { Length: > 0 } expression) return mount.Text("subPath");
        string? missing = null;
        string path = Expansion.Expand(expression, name =>
        {
            if (!variables.TryGetValue(name, out string? value)) missing = name;
            return value;
        });
        if (missing is not null) throw new ContainerFault(ContainerFault.Config, $"failed to expand subPath for volumeMount \"{mount.Text("name")}\": missing value for \"{missing}\"");
        if (path.StartsWith('/')) throw new ContainerFault(ContainerFault.Config, $"error SubPath `{path}` must not be an absolute path");
        return path.Split('/').Contains("..") ? throw new ContainerFault(ContainerFault.Config, $"unable to provision SubPath `{path}`: must not contain '..'") : path;
    }

    static ContainerDevice DeviceOf(JsonElement device, IReadOnlyDictionary<string, PodMount> mounts)
    {
        string name = device.Text("name");
        return mounts.GetValueOrDefault(name) is { IsDevice: true } volume
            ? new ContainerDevice(volume.Path, device.Text("devicePath"), volume.ReadOnly)
            : throw new ContainerFault(ContainerFault.Config, $"volume \"{name}\" is no block device");
    }

    static ContainerRights RightsOf(Pod pod, PodContainer container, PodImage image)
    {
        JsonElement own = container.Spec.At("securityContext"), shared = pod.Spec.At("securityContext"), resources = container.Spec.At("resources");
        return new ContainerRights
        {
            User = UserOf(pod, container, own, shared, image),
            Groups = [.. shared.Texts("supplementalGroups"), .. shared.Has("fsGroup") ? (IEnumerable<string>)[shared.At("fsGroup").GetRawText()] : []],
            IsPrivileged = own.Flag("privileged"),
            HasReadOnlyRoot = own.Flag("readOnlyRootFilesystem"),
            CannotEscalate = own.Has("allowPrivilegeEscalation") && !own.Flag("allowPrivilegeEscalation"),
            IsUnconfined = (own.At("seccompProfile").TextOrNull("type") ?? shared.At("seccompProfile").TextOrNull("type")) is "Unconfined",
            AddedCapabilities = own.At("capabilities").Texts("add"),
            DroppedCapabilities = own.At("capabilities").Texts("drop"),
            CpuLimitMillis = MillisOf(resources.At("limits").Quantity("cpu")),
            CpuRequestMillis = MillisOf(resources.At("requests").Quantity("cpu")),
            MemoryLimitBytes = resources.At("limits").Quantity("memory")?.ToInt64() ?? 0,
            OutOfMemoryScore = ScoreOf(pod),
        };
    }

    static long MillisOf(Quantity? amount) => amount?.In(Quantity.Parse("1m")) ?? 0;

    static string UserOf(Pod pod, PodContainer container, JsonElement own, JsonElement shared, PodImage image)
    {
        string user = NumberOf("runAsUser"), group = NumberOf("runAsGroup");
        bool mustNotBeRoot = own.Has("runAsNonRoot") ? own.Flag("runAsNonRoot") : shared.Flag("runAsNonRoot");
        if (mustNotBeRoot) CheckNotRoot(pod, container, user, image);
        if (user.Length == 0 && group.Length > 0) user = image.User.Split(':')[0] is { Length: > 0 } named ? named : "0";
        return group.Length > 0 ? $"{user}:{group}" : user;

        string NumberOf(string field) => own.Has(field) ? own.At(field).GetRawText() : shared.Has(field) ? shared.At(field).GetRawText() : "";
    }

    static void CheckNotRoot(Pod pod, PodContainer container, string user, PodImage image)
    {
        string who = $"(pod: \"{pod.Metadata.Name}_{pod.Metadata.Namespace}({pod.Uid})\", container: {container.Name})";
        string named = image.User.Split(':')[0];
        if (user == "0") throw new ContainerFault(ContainerFault.Config, $"container's runAsUser breaks non-root policy {who}");
        if (user.Length > 0) return;
        if (named is "" or "0" or "root") throw new ContainerFault(ContainerFault.Config, $"container has runAsNonRoot and image will run as root {who}");
        if (!uint.TryParse(named, CultureInfo.InvariantCulture, out _))
            throw new ContainerFault(ContainerFault.Config, $"container has runAsNonRoot and image has non-numeric user ({named}), cannot verify user is non-root {who}");
    }

    // A kubelet's: who asked for nothing goes first, who asked for just what it may use goes last.
    static int ScoreOf(Pod pod) => pod.Status.Text("qosClass") switch
    {
        "Guaranteed" => -997,
        "Burstable" => 500,
        _ => 1000,
    };
}
