namespace Strake.Build;

/// <summary>The most that a build fetches of one place.</summary>
static class FetchLimit
{
    /// <summary>The error of what is larger.</summary>
    /// <param name="subject">What is fetched.</param>
    /// <param name="most">The limit, in bytes.</param>
    public static StrakeException Exceeded(string subject, long most) =>
        StrakeException.TooLarge($"{subject} is larger than {most} bytes, the most that a build fetches; the daemon's option --build-fetch-limit says more");
}
