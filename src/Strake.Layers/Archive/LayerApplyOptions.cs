using Strake.Images;
using Strake.Images.Tar;

namespace Strake.Layers.Archive;

/// <summary>How a layer is extracted.</summary>
public sealed record LayerApplyOptions
{
    /// <summary>
    /// The form in which the driver keeps whiteouts. With <see cref="WhiteoutForm.Absent"/> the directory holds the parent's copy, else
    /// the layer is written without its parents (see <see cref="AppliedLayer.DeferredLinks"/>).
    /// </summary>
    public required WhiteoutForm Whiteouts { get; init; }

    /// <summary>What the sender says of the layer; what is given is verified.</summary>
    public LayerExpectation Expected { get; init; } = LayerExpectation.None;

    /// <summary>How far the layer may expand.</summary>
    public ExpansionLimit Limit { get; init; } = ExpansionLimit.None;

    /// <summary>What of each entry may be taken into memory.</summary>
    public TarLimits TarLimits { get; init; } = TarLimits.Default;
}
