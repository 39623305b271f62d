using System.Text;
using Strake.Containers.Streams;

namespace Strake.Containers.Tests.Streams;

public sealed class DetachKeysTests
{
    [Theory]
    [InlineData(null, "abc", "abc", false)]
    [InlineData(null, "ab\u0010\u0011cd", "ab", true)]
    [InlineData(null, "\u0010x", "\u0010x", false)]
    [InlineData(null, "\u0010\u0010\u0011", "\u0010", true)]
    [InlineData("q", "abqc", "ab", true)]
    [InlineData("a,b,c", "ababc", "ab", true)]
    [InlineData("ctrl-@,ctrl-[", "x\u0000\u001b", "x", true)]
    public void The_keys_end_the_session_and_all_else_passes(string? keys, string typed, string expected, bool detached)
    {
        DetachKeys scanner = DetachKeys.Parse(keys);
        var passed = new StringBuilder();
        bool over = false;

        // One byte at a time: that is how a terminal sends.
        foreach (byte key in Encoding.ASCII.GetBytes(typed))
        {
            var output = new byte[1 + scanner.Held];
            over = scanner.Scan([key], output, out int written);
            passed.Append(Encoding.ASCII.GetString(output, 0, written));
            if (over)
                break;
        }

        Assert.Equal((expected, detached), (passed.ToString(), over));
    }

    [Theory]
    [InlineData("ctrl-1")]
    [InlineData("ctrl-")]
    [InlineData("ab")]
    [InlineData("a,,b")]
    public void What_is_no_key_is_refused(string keys) =>
        Assert.Equal(ErrorKind.Invalid, Assert.Throws<StrakeException>(() => DetachKeys.Parse(keys)).Kind);
}
