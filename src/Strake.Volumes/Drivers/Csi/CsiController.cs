using Strake.Csi;
using ControllerCall = Strake.Csi.ControllerServiceCapability.Types.RPC.Types.Type;
using CreatedVolume = Strake.Csi.Volume;
using Service = Strake.Csi.PluginCapability.Types.Service.Types.Type;

namespace Strake.Volumes;

/// <summary>A driver's volumes wherever they are: made, removed, made larger, looked at. Each change is written down before its call.</summary>
/// <param name="link">The driver.</param>
/// <param name="shelf">Its volumes.</param>
sealed class CsiController(CsiLink link, CsiShelf shelf)
{
    /// <summary>Makes a volume that is written down as Creating, or finds that it is made.</summary>
    /// <returns>The volume, Ready.</returns>
    /// <exception cref="CsiRefusalException">It was not made, or whether it was is not known: then it stays written down.</exception>
    public async Task<CsiVolume> MakeAsync(CsiVolume volume, CancellationToken cancellationToken)
    {
        CsiOptions options = CsiOptions.Parse(volume.Options);
        CsiSecrets secrets = CsiSecrets.Read(options.SecretsFile).For(CsiSecretUse.Provisioner);
        CsiConnection connection = await link.RequireAsync(cancellationToken);
        CsiAbilities abilities = await connection.AbilitiesAsync(CsiPatience.Work, cancellationToken);
        FaultPoint.Reach("csi.create.recorded");
        CreateVolumeResponse answer = await connection.CallAsync(
            ControllerMethods.CreateVolume, RequestOf(volume, options, secrets, abilities), CsiPatience.Work, secrets, cancellationToken);
        FaultPoint.Reach("csi.create.made");
        CreatedVolume made = answer.Volume ?? throw connection.Lie("CreateVolume", "it gave no volume");
        if (made.VolumeId.Length == 0)
            throw connection.Lie("CreateVolume", "it gave the volume no id");
        volume = await shelf.RecordAsync(volume with { Id = made.VolumeId, Context = new Dictionary<string, string>(made.VolumeContext), CapacityBytes = made.CapacityBytes });
        if (shelf.All.Any(other => other.Id == volume.Id && other.Handle != volume.Handle))
            throw connection.Lie("CreateVolume", $"it gave the volume the id of another, {volume.Id}");
        if (volume.Source is not null && made.ContentSource is null)
            throw connection.Lie("CreateVolume", "it made an empty volume in place of a copy");
        if (made.CapacityBytes > 0 && made.CapacityBytes < options.SizeBytes)
            throw connection.Lie("CreateVolume", $"it made a volume of {made.CapacityBytes} bytes, and {options.SizeBytes} were asked for");
        volume = await shelf.RecordAsync(volume with { State = CsiVolumeState.Ready });
        FaultPoint.Reach("csi.create.done");
        return volume;
    }

    /// <summary>Looks whether the driver has what a user says that it has, before it is taken.</summary>
    /// <exception cref="CsiRefusalException">The driver does not know it, or it cannot be used so.</exception>
    public async Task ValidateAsync(CsiOptions options, CancellationToken cancellationToken)
    {
        CsiConnection connection = await link.RequireAsync(cancellationToken);
        CsiAbilities abilities = await connection.AbilitiesAsync(CsiPatience.Work, cancellationToken);
        if (!abilities.Has(Service.ControllerService))
            return;
        CsiSecrets secrets = CsiSecrets.Read(options.SecretsFile).For(CsiSecretUse.Provisioner);
        var request = new ValidateVolumeCapabilitiesRequest
        {
            VolumeId = options.Id, VolumeContext = { ToDictionary(options.Context) }, Parameters = { ToDictionary(options.Parameters) },
            VolumeCapabilities = { options.Capability(abilities.HasSingleNodeModes) },
        };
        secrets.AddTo(request.Secrets);
        ValidateVolumeCapabilitiesResponse answer = await connection.CallAsync(
            ControllerMethods.ValidateVolumeCapabilities, request, CsiPatience.Work, secrets, cancellationToken);
        if (answer.Confirmed is null)
            throw connection.Lie("ValidateVolumeCapabilities", answer.Message.Length > 0 ? secrets.Mask(answer.Message) : "the volume cannot be used so");
    }

    /// <summary>Removes a volume that is not on this node, and forgets it.</summary>
    /// <exception cref="CsiRefusalException">It was not removed, or whether it was is not known.</exception>
    public async Task DeleteAsync(CsiVolume volume, CancellationToken cancellationToken)
    {
        CsiOptions options = CsiOptions.Parse(volume.Options);
        // What was there before it was named here is there afterwards.
        if (options.Id is null && volume.Id is { } id)
        {
            CsiSecrets secrets = CsiSecrets.Read(options.SecretsFile).For(CsiSecretUse.Provisioner);
            CsiConnection connection = await link.RequireAsync(cancellationToken);
            var request = new DeleteVolumeRequest { VolumeId = id };
            secrets.AddTo(request.Secrets);
            FaultPoint.Reach("csi.delete.recorded");
            await connection.CallAsync(ControllerMethods.DeleteVolume, request, CsiPatience.Work, secrets, cancellationToken);
            FaultPoint.Reach("csi.delete.removed");
        }

        await shelf.DeleteAsync(volume);
        FaultPoint.Reach("csi.delete.done");
    }

    /// <summary>Makes a volume larger where it is kept.</summary>
    /// <returns>The volume; whether its node has to do something too stands in it.</returns>
    public async Task<CsiVolume> ExpandAsync(CsiVolume volume, string size, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, string> wanted = CsiOptions.With(volume.Options, "size", size);
        CsiOptions options = CsiOptions.Parse(wanted);
        CsiSecrets secrets = CsiSecrets.Read(options.SecretsFile).For(CsiSecretUse.ControllerExpand);
        CsiConnection connection = await link.RequireAsync(cancellationToken);
        CsiAbilities abilities = await connection.AbilitiesAsync(CsiPatience.Work, cancellationToken);
        if (!abilities.Has(ControllerCall.ExpandVolume))
            return await shelf.RecordAsync(volume with { Options = wanted, CapacityBytes = options.SizeBytes, NeedsNodeExpansion = true });
        var request = new ControllerExpandVolumeRequest
        {
            VolumeId = volume.Id, CapacityRange = new() { RequiredBytes = options.SizeBytes, LimitBytes = options.LimitBytes },
            VolumeCapability = options.Capability(abilities.HasSingleNodeModes),
        };
        secrets.AddTo(request.Secrets);
        FaultPoint.Reach("csi.expand.before");
        ControllerExpandVolumeResponse answer = await connection.CallAsync(ControllerMethods.ControllerExpandVolume, request, CsiPatience.Work, secrets, cancellationToken);
        FaultPoint.Reach("csi.expand.expanded");
        return await shelf.RecordAsync(volume with
        {
            Options = wanted,
            CapacityBytes = Math.Max(answer.CapacityBytes, options.SizeBytes),
            NeedsNodeExpansion = answer.NodeExpansionRequired,
        });
    }

    /// <summary>Changes what can be changed of a volume.</summary>
    public async Task<CsiVolume> ModifyAsync(CsiVolume volume, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken)
    {
        var wanted = new Dictionary<string, string>(volume.Options);
        foreach ((string name, string value) in parameters)
            wanted[CsiOptions.MutableOption(name)] = value;
        CsiOptions options = CsiOptions.Parse(wanted);
        CsiSecrets secrets = CsiSecrets.Read(options.SecretsFile).For(CsiSecretUse.Provisioner);
        var request = new ControllerModifyVolumeRequest { VolumeId = volume.Id, MutableParameters = { ToDictionary(parameters) } };
        secrets.AddTo(request.Secrets);
        await (await link.RequireAsync(cancellationToken)).CallAsync(ControllerMethods.ControllerModifyVolume, request, CsiPatience.Work, secrets, cancellationToken);
        FaultPoint.Reach("csi.modify.modified");
        return await shelf.RecordAsync(volume with { Options = wanted });
    }

    /// <summary>How much more the driver could hold of volumes with these options, bytes; null: it does not say.</summary>
    public async Task<long?> CapacityAsync(CsiOptions options, CancellationToken cancellationToken)
    {
        CsiConnection connection = await link.RequireAsync(cancellationToken);
        CsiAbilities abilities = await connection.AbilitiesAsync(CsiPatience.Question, cancellationToken);
        if (!abilities.Has(ControllerCall.GetCapacity))
            return null;
        var request = new GetCapacityRequest
        {
            Parameters = { ToDictionary(options.Parameters) }, VolumeCapabilities = { options.Capability(abilities.HasSingleNodeModes) },
            AccessibleTopology = abilities.Has(Service.VolumeAccessibilityConstraints) ? abilities.Topology : null,
        };
        return (await connection.CallAsync(ControllerMethods.GetCapacity, request, CsiPatience.Question, CsiSecrets.None, cancellationToken)).AvailableCapacity;
    }

    /// <summary>The ids of all volumes that the driver has; null: it does not say.</summary>
    public async Task<IReadOnlySet<string>?> ListAsync(CancellationToken cancellationToken)
    {
        const int MaxPages = 10_000;
        CsiConnection connection = await link.RequireAsync(cancellationToken);
        if (!(await connection.AbilitiesAsync(CsiPatience.Question, cancellationToken)).Has(ControllerCall.ListVolumes))
            return null;
        var ids = new HashSet<string>(StringComparer.Ordinal);
        string token = "";
        for (int page = 0; page < MaxPages; page++)
        {
            ListVolumesResponse answer = await connection.CallAsync(
                ControllerMethods.ListVolumes, new() { StartingToken = token }, CsiPatience.Question, CsiSecrets.None, cancellationToken);
            ids.UnionWith(answer.Entries.Where(static entry => entry.Volume is not null).Select(static entry => entry.Volume.VolumeId));
            token = answer.NextToken;
            if (token.Length == 0)
                return ids;
        }

        throw connection.Lie("ListVolumes", $"its list has no end: more than {MaxPages} pages");
    }

    static CreateVolumeRequest RequestOf(CsiVolume volume, CsiOptions options, CsiSecrets secrets, CsiAbilities abilities)
    {
        var request = new CreateVolumeRequest
        {
            Name = volume.Handle,
            CapacityRange = options is { SizeBytes: 0, LimitBytes: 0 } ? null : new() { RequiredBytes = options.SizeBytes, LimitBytes = options.LimitBytes },
            VolumeCapabilities = { options.Capability(abilities.HasSingleNodeModes) },
            Parameters = { ToDictionary(options.Parameters) },
            MutableParameters = { ToDictionary(options.Mutable) },
            VolumeContentSource = volume.Source switch
            {
                { SnapshotId: { } snapshot } => new() { Snapshot = new() { SnapshotId = snapshot } },
                { VolumeId: { } other } => new() { Volume = new() { VolumeId = other } },
                _ => null,
            },
        };
        secrets.AddTo(request.Secrets);
        if (abilities.Has(Service.VolumeAccessibilityConstraints) && abilities.Topology is { } here)
            request.AccessibilityRequirements = new() { Requisite = { here }, Preferred = { here } };
        return request;
    }

    static Dictionary<string, string> ToDictionary(IReadOnlyDictionary<string, string> map) => new(map);
}
