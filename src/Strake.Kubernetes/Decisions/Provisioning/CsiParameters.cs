using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Provisioning;

/// <summary>A class's parameters, told apart: those for the driver, and those that tell how to call it.</summary>
static class CsiParameters
{
    /// <summary>Begins the parameters that are not the driver's.</summary>
    public const string Prefix = "csi.storage.k8s.io/";

    const string FsType = Prefix + "fstype";
    const string OldFsType = "fstype";

    static readonly string[] s_calls = ["provisioner", "controller-publish", "node-stage", "node-publish", "controller-expand", "node-expand"];

    static readonly HashSet<string> s_known =
        [FsType, .. s_calls.SelectMany(static call => (string[])[$"{Prefix}{call}-secret-name", $"{Prefix}{call}-secret-namespace"])];

    /// <summary>What the driver is told: its own parameters, and for which claim the volume is.</summary>
    /// <exception cref="StrakeException">Invalid: a key with the prefix is none of those known.</exception>
    public static TextMap ForDriver(TextMap parameters, Claim claim)
    {
        if (parameters.Keys.FirstOrDefault(static key => key.StartsWith(Prefix, StringComparison.Ordinal) && !s_known.Contains(key)) is { } unknown)
            throw StrakeException.Invalid($"found unknown parameter key \"{unknown}\" with reserved namespace {Prefix}");
        return TextMap.Of(parameters.Where(static entry => !entry.Key.StartsWith(Prefix, StringComparison.Ordinal) && entry.Key is not OldFsType))
            .With(Prefix + "pvc/name", claim.Metadata.Name)
            .With(Prefix + "pvc/namespace", claim.Metadata.Namespace)
            .With(Prefix + "pv/name", ProvisionedVolume.NameFor(claim));
    }

    /// <summary>The file system that the class asks for; empty when it leaves that to the driver.</summary>
    /// <exception cref="StrakeException">Invalid: it is asked for twice.</exception>
    public static string FsTypeOf(TextMap parameters) => (parameters.Find(FsType), parameters.Find(OldFsType)) switch
    {
        ({ }, { }) => throw StrakeException.Invalid($"fstype specified in parameters with both \"{OldFsType}\" and \"{FsType}\" keys"),
        var (named, old) => named ?? old ?? "",
    };
}
