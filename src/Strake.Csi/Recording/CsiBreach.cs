namespace Strake.Csi;

/// <summary>A rule of the specification that a driver has broken.</summary>
/// <param name="Call">In which call.</param>
/// <param name="Rule">The rule, with the place in the specification that it stands at.</param>
/// <param name="Found">What was seen in its place.</param>
public sealed record CsiBreach(CsiCall Call, string Rule, string Found)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Call.Name}: {Rule}: {Found}";
}
