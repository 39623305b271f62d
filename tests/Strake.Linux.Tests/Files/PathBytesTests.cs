using System.Text;

namespace Strake.Linux.Tests;

public sealed class PathBytesTests
{
    [Fact]
    public void A_text_becomes_UTF8_with_a_NUL() => Assert.Equal("/é\0"u8.ToArray(), PathBytes.Encode("/é"));

    [Theory]
    [InlineData("a\0b")]
    [InlineData("\0")]
    [InlineData("")]
    public void A_text_with_a_NUL_or_nothing_is_refused(string path) => Assert.Throws<ArgumentException>(() => PathBytes.Encode(path));

    [Theory]
    [InlineData("name")]
    [InlineData("na\0me\0")]
    [InlineData("name\0\0")]
    public void A_call_refuses_a_path_that_does_not_end_with_its_only_NUL(string path) =>
        Assert.Throws<ArgumentException>(() => Syscall.TryStatAt(Syscall.WorkingDirectory, Encoding.UTF8.GetBytes(path), out _));

    [Fact]
    public void Names_need_not_be_UTF8()
    {
        using var folder = new TemporaryDirectory();
        using var directory = folder.Open();
        byte[] name = [0xFF, 0xFE, (byte)'x', 0];

        Syscall.MkdirAt(directory, name, Permissions.Octal0755);

        using var reader = new DirectoryReader(directory);
        Assert.True(reader.Read());
        Assert.Equal(name, reader.NameWithNul);
        Assert.Equal("\uFFFD\uFFFDx", PathBytes.Decode(reader.Name));
    }
}
