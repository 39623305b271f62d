using System.Text.Json;
using Strake.Kubernetes.Decisions;
using Strake.Kubernetes.Decisions.Binding;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Controllers.Expansion;

/// <summary>What is said and written of a change of a claim's VolumeAttributesClass. Pure.</summary>
static class AttributeChanges
{
    /// <summary>Refuses a class of another driver.</summary>
    /// <exception cref="StrakeException">Invalid.</exception>
    public static void Require(JsonElement itsClass, PersistentVolume volume)
    {
        string driver = itsClass.Text("driverName");
        if (driver != volume.Csi?.Driver)
            throw StrakeException.Invalid($"the class is for the driver {driver}, and the volume {volume.Name} is of {volume.Csi?.Driver ?? volume.Source.Type}");
    }

    /// <summary>What the driver is told.</summary>
    public static TextMap ParametersOf(JsonElement itsClass) => itsClass.Map("parameters");

    /// <summary>Both, when the volume has the attributes.</summary>
    public static BindingPair Done(Claim claim, PersistentVolume volume) =>
        new(claim with { CurrentAttributesClass = claim.AttributesClass }, volume with { AttributesClass = claim.AttributesClass });

    /// <summary>It has them.</summary>
    public static EventText Succeeded(Claim claim) =>
        EventText.Normal("VolumeModifySuccessful", $"external resizer modified volume {claim.Metadata.Name} with vac {claim.AttributesClass} successfully");

    /// <summary>It could not be given them.</summary>
    public static EventText Failed(Claim claim, string why) =>
        EventText.Warning("VolumeModifyFailed", $"VAC {claim.AttributesClass} cannot be applied: {why}");

    /// <summary>There is no such class.</summary>
    public static EventText ClassMissing(Claim claim) =>
        EventText.Warning("VolumeModifyFailed", $"VAC {claim.AttributesClass} does not exist.");
}
