using System.Globalization;
using System.Text.Json;
using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Decisions.Provisioning;
using Strake.Kubernetes.Decisions.Provisioning.InTree;
using Strake.Kubernetes.Records;
using Strake.Linux;
using PublishFlags = Strake.Volumes.PublishFlags;

namespace Strake.Kubernetes.Pods.Volumes;

/// <summary>Makes a pod's volumes ready on the node, and takes them away again. Everything may be repeated: what is ready stays as it is.</summary>
/// <param name="store">Where claims, volumes, config maps and secrets are.</param>
/// <param name="claims">Who mounts the volumes of claims.</param>
/// <param name="inline">Who has CSI drivers make volumes for a pod alone.</param>
/// <param name="tokens">The pods' tokens.</param>
/// <param name="folders">Where pods have their files.</param>
/// <param name="time">The clock.</param>
sealed class PodVolumes(IObjectStore store, IClaimMounts claims, IInlineVolumes inline, PodTokens tokens, PodFolders folders, TimeProvider time)
{
    readonly InlineMounts own = new(store, inline, folders);
    readonly ProjectedFiles projected = new(store, tokens);

    /// <summary>Makes all volumes of a pod ready.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="place">Where it is.</param>
    /// <param name="cancellationToken">Cancels between two volumes.</param>
    /// <returns>Where they are, by their names in the pod.</returns>
    /// <exception cref="VolumeFailure">One could not be made ready; those before it are.</exception>
    public async Task<IReadOnlyDictionary<string, PodMount>> MountAsync(Pod pod, PodPlace place, CancellationToken cancellationToken)
    {
        folders.Make(pod);
        var mounts = new Dictionary<string, PodMount>(StringComparer.Ordinal);
        foreach (JsonElement volume in pod.Spec.List("volumes", static item => item))
        {
            string name = volume.Text("name");
            try
            {
                mounts[name] = await MountAsync(pod, name, volume, place, cancellationToken);
            }
            catch (Exception e) when (e is StrakeException or LinuxException or IOException or UnauthorizedAccessException)
            {
                throw Failure(pod, name, volume, e);
            }
        }

        return mounts;
    }

    /// <summary>Brings files that were made of config maps, secrets and fields of the pod up to date.</summary>
    /// <param name="pod">The pod; its volumes are mounted.</param>
    /// <param name="place">Where it is.</param>
    /// <param name="cancellationToken">Cancels between two volumes.</param>
    public async Task RefreshAsync(Pod pod, PodPlace place, CancellationToken cancellationToken)
    {
        foreach (JsonElement volume in pod.Spec.List("volumes", static item => item).Where(IsProjected))
            await WriteFilesAsync(pod, volume.Text("name"), volume, place, cancellationToken);
    }

    /// <summary>Whether a volume's files are made of objects that may change.</summary>
    public static bool IsProjected(JsonElement volume) => volume.Has("configMap") || volume.Has("secret") || volume.Has("downwardAPI") || volume.Has("projected");

    /// <summary>Takes a pod's volumes away; its own files are removed, those of claims stay where they are, and so do last messages.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="mounts">Where its volumes are, as far as that is known.</param>
    /// <param name="cancellationToken">Cancels between two volumes.</param>
    /// <exception cref="StrakeException">One cannot be taken away; it is tried again.</exception>
    public async Task ReleaseAsync(Pod pod, IEnumerable<PodMount> mounts, CancellationToken cancellationToken)
    {
        Dictionary<string, PersistentVolume> held = mounts.Select(static mount => mount.Claimed).OfType<PersistentVolume>()
            .DistinctBy(static volume => volume.Name).ToDictionary(static volume => volume.Name, StringComparer.Ordinal);
        foreach (PodVolume claim in ClaimsOf(pod))
            if (await FindVolumeAsync(pod, claim.ClaimName, cancellationToken) is { } found) held.TryAdd(found.Volume.Name, found.Volume);
        foreach (PersistentVolume volume in InTreeOf(pod)) held.TryAdd(volume.Name, volume);
        foreach (PersistentVolume volume in held.Values) await claims.ReleaseAsync(volume, new VolumeUse(pod.Uid, pod.Key), cancellationToken);
        await own.ReleaseAsync(pod.Uid, cancellationToken);
        folders.RemoveVolumes(pod.Uid);
        tokens.Forget(pod.Uid);
    }

    /// <summary>Takes away what was made for a pod of which nothing is known any more but its files.</summary>
    /// <param name="podUid">The pod.</param>
    /// <param name="cancellationToken">Cancels between two volumes.</param>
    /// <exception cref="StrakeException">Something cannot be taken away; it is tried again.</exception>
    public Task ReleaseAsync(string podUid, CancellationToken cancellationToken) => own.ReleaseAsync(podUid, cancellationToken);

    /// <summary>The emptyDir volume that holds more than it may; null: none.</summary>
    /// <param name="pod">The pod.</param>
    public string? FindOverfull(Pod pod)
    {
        foreach (JsonElement volume in pod.Spec.List("volumes", static item => item).Where(HasDiskLimit))
        {
            string name = volume.Text("name"), path = folders.VolumeOf(pod.Uid, "empty-dir", name);
            if (Directory.Exists(path) && TreeUsage.Measure(path).AllocatedBytes > volume.At("emptyDir").Quantity("sizeLimit")!.Value.ToInt64()) return name;
        }

        return null;
    }

    /// <summary>Whether a volume is a directory on disk that may hold only so much.</summary>
    public static bool HasDiskLimit(JsonElement volume) => volume.At("emptyDir") is { ValueKind: JsonValueKind.Object } empty
        && empty.Text("medium") is not "Memory" && empty.Quantity("sizeLimit") is { IsZero: false };

    async Task<PodMount> MountAsync(Pod pod, string name, JsonElement volume, PodPlace place, CancellationToken cancellationToken)
    {
        if (volume.At("hostPath") is { ValueKind: JsonValueKind.Object } host)
        {
            HostPaths.Check(host.Text("path"), host.Text("type"));
            return new PodMount(host.Text("path"));
        }

        if (volume.At("emptyDir") is { ValueKind: JsonValueKind.Object } empty) return MakeEmpty(pod, name, empty);
        if (IsProjected(volume)) return await WriteFilesAsync(pod, name, volume, place, cancellationToken);
        if (volume.At("image") is { ValueKind: JsonValueKind.Object } image) return new PodMount(image.Text("reference"), ReadOnly: true, IsImage: true);
        if (volume.At("nfs") is { ValueKind: JsonValueKind.Object } nfs) return await MountNfsAsync(pod, name, nfs, cancellationToken);
        if (volume.At("persistentVolumeClaim") is { ValueKind: JsonValueKind.Object } claim)
            return await MountClaimAsync(pod, name, claim.Text("claimName"), claim.Flag("readOnly"), isEphemeral: false, cancellationToken);
        if (volume.Has("ephemeral")) return await MountClaimAsync(pod, name, $"{pod.Metadata.Name}-{name}", readOnly: false, isEphemeral: true, cancellationToken);
        if (volume.At("csi") is { ValueKind: JsonValueKind.Object } csi) return await MountOwnAsync(pod, name, csi, cancellationToken);
        if (InTreeTranslation.InlineToCsi(volume, pod.Metadata.Namespace) is { } inTree) return await MountInTreeAsync(pod, inTree.ToVolume(), cancellationToken);
        string type = volume.EnumerateObject().Select(static field => field.Name).FirstOrDefault(static field => field != "name") ?? "nothing";
        throw StrakeException.NotSupported($"no volume plugin matched: {type} is not served here");
    }

    PodMount MakeEmpty(Pod pod, string name, JsonElement empty)
    {
        string path = folders.VolumeOf(pod.Uid, "empty-dir", name);
        if (empty.Text("medium") is "Memory")
        {
            string size = empty.Quantity("sizeLimit") is { IsZero: false } limit ? string.Create(CultureInfo.InvariantCulture, $"size={limit.ToInt64()},mode=777") : "mode=777";
            MemoryMounts.Ensure(path, size);
        }
        else
        {
            Directory.CreateDirectory(path, Permissions.Octal0777);
            if (GroupOf(pod) is null) File.SetUnixFileMode(path, Permissions.Octal0777);
        }

        Give(pod, path);
        return new PodMount(path);
    }

    async Task<PodMount> WriteFilesAsync(Pod pod, string name, JsonElement volume, PodPlace place, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, FilePayload> files = (await projected.OfAsync(pod, volume, place, cancellationToken))!;
        bool isMap = volume.Has("configMap");
        string path = folders.VolumeOf(pod.Uid, isMap ? "configmap" : volume.Has("secret") ? "secret" : volume.Has("projected") ? "projected" : "downward-api", name);

        // What may be secret never reaches a disk.
        if (isMap) Directory.CreateDirectory(path, Permissions.Octal0755);
        else MemoryMounts.Ensure(path, "mode=755");
        AtomicFiles.Write(path, files, time.GetUtcNow(), GroupOf(pod));
        return new PodMount(path, ReadOnly: true);
    }

    async Task<PodMount> MountNfsAsync(Pod pod, string name, JsonElement nfs, CancellationToken cancellationToken)
    {
        string path = folders.VolumeOf(pod.Uid, "nfs", name);
        Directory.CreateDirectory(path, Permissions.Octal0755);
        if (!MountTable.IsMountPoint(path))
        {
            // The kernel wants an address beside the name.
            string server = nfs.Text("server");
            System.Net.IPAddress address = (await System.Net.Dns.GetHostAddressesAsync(server, cancellationToken)).FirstOrDefault()
                ?? throw StrakeException.Unavailable($"the NFS server {server} has no address");
            try
            {
                new Mount("nfs4", $"{server}:{nfs.Text("path")}", path, nfs.Flag("readOnly") ? MountFlags.ReadOnly : MountFlags.None, $"addr={address}").Attach().Release();
            }
            catch (LinuxException e) when (e.Errno is Errno.ENODEV)
            {
                throw StrakeException.NotSupported($"mount {server}:{nfs.Text("path")}: this kernel has no nfs4; load its module (modprobe nfsv4), or take another volume", e);
            }
        }

        return new PodMount(path, ReadOnly: nfs.Flag("readOnly"));
    }

    async Task<PodMount> MountOwnAsync(Pod pod, string name, JsonElement csi, CancellationToken cancellationToken)
    {
        (PodMount mount, bool takesGroup) = await own.MountAsync(pod, name, csi, GroupOf(pod), cancellationToken);
        if (takesGroup && !mount.ReadOnly) Give(pod, mount.Path);
        return mount;
    }

    async Task<PodMount> MountClaimAsync(Pod pod, string name, string claimName, bool readOnly, bool isEphemeral, CancellationToken cancellationToken)
    {
        (Claim claim, PersistentVolume volume, ValueList<string> options) = await FindVolumeAsync(pod, claimName, cancellationToken)
            ?? throw StrakeException.NotFound($"error processing PVC {pod.Metadata.Namespace}/{claimName}: PVC is not bound");
        if (claim.Metadata.IsBeingDeleted && !isEphemeral && pod.Phase is PodPhase.Pending && pod.StartedAt is null)
            throw StrakeException.Conflict($"error processing PVC {pod.Metadata.Namespace}/{claimName}: PVC is being deleted");
        ClaimMount mount = await claims.MountAsync(
            volume, new VolumeUse(pod.Uid, pod.Key) { ReadOnly = readOnly, AccessModes = claim.GrantedModes, MountOptions = options }, cancellationToken);

        // What the node's own directories and other machines' belong to is not a pod's to change, nor is what it only reads.
        if (!mount.IsDevice && !mount.ReadOnly && !readOnly && volume.Source.Type is not ("hostPath" or "nfs")) Give(pod, mount.Path);
        string path = mount.IsDevice || volume.Csi?.Driver is not ProvisionerSet.OwnDriver || options.Count == 0 ? mount.Path : BindWith(pod, name, mount.Path, options);
        return new PodMount(path, mount.ReadOnly || readOnly, mount.IsDevice) { Claimed = volume };
    }

    // Other drivers have been told the options; a volume of ours is a directory, which each pod sees in its own way.
    string BindWith(Pod pod, string name, string source, ValueList<string> options)
    {
        if (PublishFlags.WhyNot(options) is { } unknown) throw StrakeException.Invalid(unknown);
        string path = folders.VolumeOf(pod.Uid, "strake-csi", name);
        Directory.CreateDirectory(path, Permissions.Octal0755);
        if (!MountTable.IsMountPoint(path)) BoundTree.Attach(source, path, PublishFlags.Parse(options));
        return path;
    }

    async Task<PodMount> MountInTreeAsync(Pod pod, PersistentVolume volume, CancellationToken cancellationToken)
    {
        ClaimMount mount = await claims.MountAsync(volume, new VolumeUse(pod.Uid, pod.Key), cancellationToken);
        if (!mount.ReadOnly) Give(pod, mount.Path);
        return new PodMount(mount.Path, mount.ReadOnly) { Claimed = volume };
    }

    async Task<(Claim Claim, PersistentVolume Volume, ValueList<string> Options)?> FindVolumeAsync(Pod pod, string claimName, CancellationToken cancellationToken)
    {
        StoredObject? found = await store.FindAsync(ObjectId.Claim(new ObjectKey(pod.Metadata.Namespace, claimName)), cancellationToken);
        if (found is null) return null;
        var claim = Claim.Read(found.Document);
        if (!claim.IsBindCompleted || await store.FindAsync(ObjectId.Volume(claim.VolumeName), cancellationToken) is not { } volume) return null;
        return (claim, PersistentVolume.Read(volume.Document), volume.Document.At("spec").Texts("mountOptions"));
    }

    static IEnumerable<PodVolume> ClaimsOf(Pod pod) => pod.Spec.List("volumes", static item => item).SelectMany(volume => PodVolume.Read(pod.Metadata.Name, volume));

    // What does not say which storage it means was never mounted.
    static IEnumerable<PersistentVolume> InTreeOf(Pod pod)
    {
        foreach (JsonElement volume in pod.Spec.List("volumes", static item => item))
        {
            PersistentVolume? inTree;
            try
            {
                inTree = InTreeTranslation.InlineToCsi(volume, pod.Metadata.Namespace)?.ToVolume();
            }
            catch (StrakeException e) when (e.Kind is ErrorKind.Invalid)
            {
                continue;
            }

            if (inTree is not null) yield return inTree;
        }
    }

    static uint? GroupOf(Pod pod) => pod.Spec.At("securityContext") is { } context && context.Has("fsGroup") ? (uint)context.Number("fsGroup") : null;

    static void Give(Pod pod, string path)
    {
        // A pod that runs has had it done: a daemon that starts finds its volumes as they are.
        if (GroupOf(pod) is not { } group || pod.Phase is PodPhase.Running) return;
        bool isLazy = pod.Spec.At("securityContext").Text("fsGroupChangePolicy") is "OnRootMismatch";
        if (isLazy && FileGroups.Has(path, group, readOnly: false)) return;
        FileGroups.Set(path, group, readOnly: false);
    }

    static VolumeFailure Failure(Pod pod, string name, JsonElement volume, Exception e)
    {
        bool isClaim = volume.Has("persistentVolumeClaim") || volume.Has("ephemeral");
        if (e is StrakeException { Kind: ErrorKind.InUse } && isClaim) return new VolumeFailure(name, "FailedAttachVolume", e.Message, e);
        bool isDevice = pod.All.Any(container => container.Spec.List("volumeDevices", static device => device.Text("name")).Contains(name));
        return isDevice
            ? new VolumeFailure(name, "FailedMapVolume", $"MapVolume.SetUpDevice failed for volume \"{name}\" : {e.Message}", e)
            : new VolumeFailure(name, "FailedMount", $"MountVolume.SetUp failed for volume \"{name}\" : {e.Message}", e);
    }
}
