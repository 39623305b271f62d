using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Access;

/// <summary>What a CSI driver is told of a volume's access modes.</summary>
public static class CsiAccess
{
    /// <summary>The CSI mode for a volume.</summary>
    /// <param name="modes">The volume's modes.</param>
    /// <param name="knowsSingleNodeModes">Whether the driver has the capability SINGLE_NODE_MULTI_WRITER, and so tells one user from many.</param>
    /// <exception cref="StrakeException">Invalid: CSI has no mode for these together.</exception>
    public static CsiAccessMode Of(AccessModes modes, bool knowsSingleNodeModes) => modes switch
    {
        AccessModes.None => throw StrakeException.Invalid("access modes are nil"),
        _ when modes.Include(AccessModes.ReadWriteMany) => CsiAccessMode.MultiNodeMultiWriter,
        AccessModes.ReadWriteOncePod => knowsSingleNodeModes ? CsiAccessMode.SingleNodeSingleWriter : CsiAccessMode.SingleNodeWriter,
        _ when modes.Include(AccessModes.ReadWriteOncePod) =>
            throw StrakeException.Invalid("Kubernetes does not support use of ReadWriteOncePod with other access modes on the same PersistentVolume"),
        _ when modes.Include(AccessModes.ReadOnlyMany | AccessModes.ReadWriteOnce) =>
            throw StrakeException.Invalid("CSI does not support ReadOnlyMany and ReadWriteOnce on the same PersistentVolume"),
        AccessModes.ReadOnlyMany => CsiAccessMode.MultiNodeReaderOnly,
        AccessModes.ReadWriteOnce => knowsSingleNodeModes ? CsiAccessMode.SingleNodeMultiWriter : CsiAccessMode.SingleNodeWriter,
        _ => throw StrakeException.Invalid($"unsupported AccessMode combination: {modes.Short()}"),
    };
}
