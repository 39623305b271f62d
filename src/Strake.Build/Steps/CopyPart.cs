namespace Strake.Build;

/// <summary>Sources of a copy that come from one place.</summary>
/// <param name="Identity">What tells it from others: equal ones have equal files.</param>
/// <param name="SelectAsync">The files; fetched where that was not needed to know what they are.</param>
sealed record CopyPart(string Identity, Func<Task<CopySelection>> SelectAsync)
{
    /// <summary>The files of several parts, in their order.</summary>
    public static async Task<CopySelection> SelectAllAsync(IEnumerable<CopyPart> parts)
    {
        List<SelectedTop> tops = [];
        foreach (var part in parts) tops.AddRange((await part.SelectAsync()).Tops);
        return new CopySelection(tops);
    }
}
