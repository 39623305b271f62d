using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Records;
using Strake.Linux;

namespace Strake.Kubernetes.Pods.Volumes;

/// <summary>A pod's own volumes of CSI drivers: made where the pod has its files, written down beside them, removed with the pod.</summary>
/// <remarks>
/// <code>
/// &lt;pod&gt;/volumes/kubernetes.io~csi/&lt;volume&gt;/
///   volume.json        <see cref="InlineRecord"/>, on disk before the driver is called
///   mount              made by the driver
/// </code>
/// Kubernetes: <c>pkg/volume/csi/csi_mounter.go</c>, SetUpAt, for volumes of the mode Ephemeral.
/// </remarks>
/// <param name="store">Where drivers are described, and secrets are.</param>
/// <param name="drivers">Who calls them.</param>
/// <param name="folders">Where pods have their files.</param>
sealed class InlineMounts(IObjectStore store, IInlineVolumes drivers, PodFolders folders)
{
    const string Type = "csi";
    const string RecordFile = "volume.json";
    const string Ephemeral = "Ephemeral";

    /// <summary>Makes a volume ready; of one that is, nothing.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="name">The volume's name in the pod.</param>
    /// <param name="csi">What the pod says of it.</param>
    /// <param name="group">The group of its files; null: nobody asked.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Where it is, and whether its files are to be given to the group still.</returns>
    /// <exception cref="StrakeException">It cannot be had; the message is for users.</exception>
    public async Task<(PodMount Mount, bool TakesGroup)> MountAsync(Pod pod, string name, JsonElement csi, uint? group, CancellationToken cancellationToken)
    {
        string driver = csi.Text("driver"), folder = folders.VolumeOf(pod.Uid, Type, name), path = Path.Combine(folder, "mount");
        bool readOnly = csi.Flag("readOnly");
        var mount = new PodMount(path, readOnly);
        if (Read(folder) is { IsMade: true } && MountTable.IsMountPoint(path)) return (mount, TakesGroup: false);
        JsonElement spec = await DriverAsync(driver, cancellationToken);
        var record = new InlineRecord(driver, HandleOf(pod, name), IsMade: false);
        var volume = new InlineVolume(driver, record.Handle, path)
        {
            FsType = csi.Text("fsType"),
            ReadOnly = readOnly,
            Group = group?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "",
            Attributes = spec.Flag("podInfoOnMount") ? WithPod(csi.Map("volumeAttributes"), pod) : csi.Map("volumeAttributes"),
            Secrets = await SecretsAsync(pod, csi, cancellationToken),
        };
        Directory.CreateDirectory(folder, Permissions.Octal0711);
        Write(folder, record);
        FaultPoint.Reach("pod.inline.recorded");
        bool isGiven = await drivers.PublishAsync(volume, cancellationToken);
        Write(folder, record with { IsMade = true });
        FaultPoint.Reach("pod.inline.made");
        return (mount, !isGiven && TakesGroup(spec.Text("fsGroupPolicy"), volume));
    }

    /// <summary>Has all such volumes of a pod removed, whatever is known of it otherwise.</summary>
    /// <param name="podUid">The pod.</param>
    /// <param name="cancellationToken">Cancels between two volumes.</param>
    /// <exception cref="StrakeException">One is there still; it is tried again.</exception>
    public async Task ReleaseAsync(string podUid, CancellationToken cancellationToken)
    {
        string all = Path.GetDirectoryName(folders.VolumeOf(podUid, Type, "any"))!;
        if (!Directory.Exists(all)) return;
        foreach (string folder in Directory.GetDirectories(all))
        {
            if (Read(folder) is not { } record) continue;
            await drivers.UnpublishAsync(record.Driver, record.Handle, Path.Combine(folder, "mount"), cancellationToken);
            File.Delete(Path.Combine(folder, RecordFile));
            FaultPoint.Reach("pod.inline.released");
        }
    }

    // What the driver says of itself: one that is not described as serving such volumes is not asked for one.
    async Task<JsonElement> DriverAsync(string name, CancellationToken cancellationToken)
    {
        StoredObject described = await store.FindAsync(new ObjectId(ObjectId.CsiDrivers, new ObjectKey("", name)), cancellationToken)
            ?? throw StrakeException.NotSupported($"volume mode \"{Ephemeral}\" not supported by driver {name} (no CSIDriver object)");
        JsonElement spec = described.Document.At("spec");
        ValueList<string> modes = spec.Texts("volumeLifecycleModes");
        return modes.Contains(Ephemeral)
            ? spec
            : throw StrakeException.NotSupported($"volume mode \"{Ephemeral}\" not supported by driver {name} (only supports [{string.Join(' ', modes.Select(static mode => $"\"{mode}\""))}])");
    }

    async Task<TextMap> SecretsAsync(Pod pod, JsonElement csi, CancellationToken cancellationToken)
    {
        string name = csi.At("nodePublishSecretRef").Text("name");
        if (name.Length == 0) return TextMap.Empty;
        StoredObject secret = await store.FindAsync(new ObjectId(ObjectId.Secrets, new ObjectKey(pod.Metadata.Namespace, name)), cancellationToken)
            ?? throw StrakeException.NotFound($"fetching NodePublishSecretRef {pod.Metadata.Namespace}/{name} failed: secrets \"{name}\" not found");
        return TextMap.Of(secret.Document.Map("data").Select(static entry => KeyValuePair.Create(entry.Key, Encoding.UTF8.GetString(Convert.FromBase64String(entry.Value)))));
    }

    static TextMap WithPod(TextMap attributes, Pod pod) => attributes
        .With("csi.storage.k8s.io/pod.name", pod.Metadata.Name)
        .With("csi.storage.k8s.io/pod.namespace", pod.Metadata.Namespace)
        .With("csi.storage.k8s.io/pod.uid", pod.Uid)
        .With("csi.storage.k8s.io/serviceAccount.name", pod.Spec.Text("serviceAccountName"))
        .With("csi.storage.k8s.io/ephemeral", "true");

    // pkg/volume/csi/csi_mounter.go, supportsFSGroup: such a volume is the pod's alone, so that only the policy and the file system count.
    static bool TakesGroup(string policy, InlineVolume volume) => !volume.ReadOnly && policy switch
    {
        "None" => false,
        "File" => true,
        _ => volume.FsType.Length > 0,
    };

    static string HandleOf(Pod pod, string name) => $"csi-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(pod.Uid + name)))}";

    static InlineRecord? Read(string folder)
    {
        string path = Path.Combine(folder, RecordFile);
        return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), InlineJson.Default.InlineRecord) : null;
    }

    static void Write(string folder, InlineRecord record) =>
        DurableFile.Write(Path.Combine(folder, RecordFile), JsonSerializer.SerializeToUtf8Bytes(record, InlineJson.Default.InlineRecord), Permissions.Octal0600);
}
