namespace Strake.Layers;

/// <summary>What is asked of the kernel before overlays are mounted by it.</summary>
/// <param name="Probe">Tries an overlay in the driver's directory; throws Unavailable where it does not work.</param>
/// <param name="TakesLayersOneByOne">Whether as many layers can be mounted as it stacks: <see cref="OverlayProbe.TakesLayersOneByOne"/>.</param>
sealed record OverlayKernel(Action<string> Probe, Func<bool> TakesLayersOneByOne)
{
    /// <summary>The one that runs.</summary>
    public static readonly OverlayKernel Own = new(static home => OverlayProbe.Run(home), OverlayProbe.TakesLayersOneByOne);
}
