using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Provisioning;

/// <summary>What claims say of the making of their volumes, word for word as Kubernetes and its external provisioner have it.</summary>
public static class ProvisioningEvents
{
    /// <summary>The volume was made.</summary>
    /// <param name="volume">Its name.</param>
    public static EventText Succeeded(string volume) => EventText.Normal("ProvisioningSucceeded", $"Successfully provisioned volume {volume}");

    /// <summary>The volume could not be made.</summary>
    /// <param name="className">The claim's class.</param>
    /// <param name="message">What the driver said.</param>
    public static EventText Failed(string className, string message) =>
        EventText.Warning("ProvisioningFailed", $"failed to provision volume with StorageClass \"{className}\": {message}");

    internal static EventText Begun(ObjectKey claim) =>
        EventText.Normal("Provisioning", $"External provisioner is provisioning volume for claim \"{claim}\"");

    internal static EventText ClassMissing(string className) =>
        EventText.Warning("ProvisioningFailed", $"storageclass.storage.k8s.io \"{className}\" not found");

    internal static EventText NotHere(StorageClass itsClass, NodeView node) => EventText.Warning(
        "ProvisioningFailed",
        $"failed to provision volume with StorageClass \"{itsClass.Name}\": error generating accessibility requirements: the node {node.Name} is none of its allowedTopologies: "
        + string.Join(" or ", itsClass.AllowedTopologies.Select(static term => string.Join(" and ", term.Labels.Select(static label => $"{label.Key} in [{string.Join(' ', label.Values)}]")))));

    internal static EventText NoPlugin(string word) => EventText.Warning("ProvisioningFailed", $"no volume plugin matched name: {word}");

    // Kubernetes says no more than that it waits; which driver an in-tree name needs, users would have to look up.
    internal static EventText Missing(Provisioner.Csi csi)
    {
        string message = $"Waiting for a volume to be created either by the external provisioner '{csi.Driver}' or manually by the system administrator. "
            + "If volume creation is delayed, please verify that the provisioner is running and correctly registered.";
        return EventText.Normal("ExternalProvisioning", csi.InTreeName is null ? message : $"{message} {InTree.InTreeDrivers.HowToInstall(csi.InTreeName)}");
    }
}
