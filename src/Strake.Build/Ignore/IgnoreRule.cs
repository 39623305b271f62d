namespace Strake.Build;

/// <summary>A line of <c>.dockerignore</c>.</summary>
/// <param name="Pattern">What it is about.</param>
/// <param name="IsException">Whether it begins with <c>!</c>: what it matches is not ignored after all.</param>
public sealed record IgnoreRule(PathPattern Pattern, bool IsException)
{
    /// <summary>The line in its shortest form.</summary>
    public override string ToString() => IsException ? "!" + Pattern.Text : Pattern.Text;
}
